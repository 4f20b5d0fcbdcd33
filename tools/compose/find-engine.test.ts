import t from 'tap'
import { spawnMain } from '../../internal/e2e/testing/spawned.ts'
import { findEngine } from './find-engine.ts'

const nowhere = 'unix:///nowhere/engine.sock'

t.test('where no engine answers, that is the reason', async (t) => {
  await t.rejects(findEngine(nowhere), /no container engine answers at unix:/)
  await t.rejects(findEngine('ssh://somewhere'), /neither unix:\/\/ nor tcp:\/\//)
})

t.test('without an engine the test of the containers is skipped, and says why', async (t) => {
  const test = spawnMain(t, 'tools/compose', { DOCKER_HOST: nowhere })
  t.equal(await test.ended, 0)
  t.match(test.output(), /^skipped: no container engine answers at unix:\/\/\/nowhere\/engine\.sock/)
})
