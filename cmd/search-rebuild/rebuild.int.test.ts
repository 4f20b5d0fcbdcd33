import t from 'tap'
import { spawnMain } from '../../internal/e2e/testing/spawned.ts'
import { testDatabase } from '../../internal/platform/testing/database.ts'

t.test('it says how many products there are', async (t) => {
  const { url } = await testDatabase(t)
  const rebuild = spawnMain(t, 'cmd/search-rebuild', { DATABASE_URL: url })
  t.equal(await rebuild.ended, 0, rebuild.output())
  t.match(rebuild.output(), /^0 products indexed anew in \d+\.\d s$/m)
})

t.test('it says what it lacks', async (t) => {
  const nowhere = spawnMain(t, 'cmd/search-rebuild', { DATA_DIR: t.testdir() })
  t.equal(await nowhere.ended, 2)
  t.match(nowhere.output(), /No stack runs on .*: start it with `npm start`, or set DATABASE_URL/)
  const away = spawnMain(t, 'cmd/search-rebuild', { DATABASE_URL: 'postgres://127.0.0.1:9/none' })
  t.equal(await away.ended, 1)
  t.match(away.output(), /The search index was not made anew: .*ECONNREFUSED/)
})

t.test('it explains itself', async (t) => {
  const helping = spawnMain(t, 'cmd/search-rebuild', {}, ['--help'])
  t.equal(await helping.ended, 0)
  t.match(helping.output(), /^usage: npm run search:rebuild/)
  const wrong = spawnMain(t, 'cmd/search-rebuild', {}, ['--fast'])
  t.equal(await wrong.ended, 2)
  t.match(wrong.output(), /Unknown option '--fast'/)
})
