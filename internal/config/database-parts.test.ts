import fc from 'fast-check'
import pg from 'pg'
import t from 'tap'
import { loadConfig } from './config.ts'
import { problemsOf } from './testing/problems-of.ts'

t.test('a database may be given in parts, whatever its user and password hold', async (t) => {
  const part = fc
    .string({ minLength: 1, unit: 'grapheme' })
    .filter((text) => text.trim() === text && !text.includes('\0'))
  fc.assert(
    fc.property(
      part,
      part,
      part.filter((text) => !/[;/?:@&=+$,#]|^\.\.?$/.test(text)),
      (user, password, name) => {
        const env = {
          DB_HOST: 'db.internal',
          DB_PORT: '6432',
          DB_USER: user,
          DB_PASSWORD: password,
          DB_NAME: name,
        }
        const { databases } = loadConfig(env)
        const url = databases.order ?? ''
        const client = new pg.Client({ connectionString: url })
        t.match(client, { host: 'db.internal', port: 6432, user, password, database: name })
      },
    ),
    { numRuns: 200 },
  )
})

t.test('what is not said of the parts has a default, and one service may be elsewhere', async (t) => {
  const own = 'postgres://u:p@elsewhere/own'
  const { databases, common } = loadConfig({
    DB_HOST: '::1',
    DB_PASSWORD: 'a/b#c?d%e@f:g',
    ORDER_DATABASE_URL: own,
  })
  const client = new pg.Client({ connectionString: common.databaseUrl })
  t.match(client, {
    ...{ host: '::1', port: 5432, user: 'tillstream', password: 'a/b#c?d%e@f:g', database: 'tillstream' },
  })
  t.match(databases, { user: common.databaseUrl, order: own })
})

t.test('parts that do not fit together are named', async (t) => {
  const url = 'postgres://u:p@localhost/x'
  t.same(problemsOf({ DB_HOST: 'db', DATABASE_URL: url }), [
    'DB_HOST must not be set beside DATABASE_URL: set one of the two',
  ])
  t.same(problemsOf({ DB_PASSWORD: 'secret', DB_NAME: 'shop' }), [
    'DB_HOST must be set, because DB_PASSWORD and DB_NAME are',
  ])
  t.same(
    problemsOf({ DB_PORT: '5432', DB_USER: 'tillstream', DATABASE_URL: url }),
    [],
    'defaults say nothing',
  )
  t.match(problemsOf({ DB_HOST: 'db', DB_PORT: 'five' }), [
    /^DB_PORT must be a whole number from 1 to 65535$/,
  ])
  t.match(problemsOf({ DB_HOST: 'db', DB_NAME: 'a/b' }), [/^DB_NAME must be the name of a database/])
  t.match(problemsOf({ DATABASE_URL: 'postgres://db/a%2Fb' }), [/name of a database/])
  t.match(problemsOf({ DB_HOST: 'postgres://db' }), [/^DB_HOST must be a host name or an IP address/])
})

t.test('a database that is told later counts, though parts are set', async (t) => {
  const later = 'postgres://u:p@localhost/later'
  t.match(loadConfig({ DB_HOST: 'db' }).with({ DATABASE_URL: later }), { databases: { order: later } })
})
