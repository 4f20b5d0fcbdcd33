import t from 'tap'
import { loadConfig } from './config.ts'
import type { Env } from './read-settings.ts'
import { problemsOf } from './testing/problems-of.ts'

t.test('nothing set gives the defaults', async (t) => {
  t.match(loadConfig({}), {
    local: { dataDir: '.data' },
    services: {
      gateway: { port: 8080, host: '127.0.0.1', currency: 'USD' },
      inventory: { currency: 'USD' },
      user: { bcryptCost: 10 },
    },
  })
  const { gateway } = loadConfig({ PORT: '', CURRENCY: '  ' }).services
  t.match(gateway, { port: 8080, currency: 'USD' }, 'empty is absent')
})

t.test("a service's database is the common one unless it has its own", async (t) => {
  const common = 'postgres://u:p@localhost/common'
  const own = 'postgresql://u:p@localhost/own'
  const { databases } = loadConfig({ DATABASE_URL: common, ORDER_DATABASE_URL: own })
  t.same(databases, {
    ...{ user: common, inventory: common, pricing: common, cart: common, payment: common, order: own },
    ...{ notification: common, analytics: common, search: common, producer: common, consumer: common },
  })
})

t.test('some settings are told to the configuration after it was read', async (t) => {
  const config = loadConfig({ CURRENCY: 'EUR' }).with({ DATABASE_URL: 'postgres://u:p@localhost/later' })
  t.match(config, { databases: { order: 'postgres://u:p@localhost/later' } })
  t.match(config.services.gateway, { currency: 'EUR' }, 'and the others stay')
})

t.test('a cluster of brokers is a list', async (t) => {
  const natsUrl = 'nats://one:4222, nats://two:4222'
  t.equal(loadConfig({ NATS_URL: natsUrl }).common.natsUrl, natsUrl)
})

t.test('proxies are addresses, networks or their names', async (t) => {
  const proxiesOf = (env: Env) => loadConfig(env).services.gateway?.trustProxy
  t.same(proxiesOf({ TRUST_PROXY: '10.0.0.0/8, ::1,loopback' }), ['10.0.0.0/8', '::1', 'loopback'])
  t.same(proxiesOf({}), [])
})

const wrong: readonly (readonly [string, string, RegExp])[] = [
  ['PORT', '80 80', /whole number from 0 to 65535/],
  ['PORT', '65536', /whole number/],
  ['PORT', '-1', /whole number/],
  ['PORT', '0x50', /whole number/],
  ['PORT', '8e3', /whole number/],
  ['DATABASE_URL', 'mysql://localhost/x', /URL that begins with postgres:\/\/ or postgresql:\/\//],
  ['CONSUMER_DATABASE_URL', 'nonsense', /URL/],
  ['NATS_URL', 'http://localhost', /nats:\/\/ or tls:\/\//],
  ['NATS_URL', 'nats://one:4222,http://two', /several, separated by commas/],
  ['LOG_LEVEL', 'loud', /one of default, trace/],
  ['CURRENCY', 'DOLLARS', /ISO 4217/],
  ['CURRENCY', 'usd', /ISO 4217/],
  ['JWT_SECRET', 'too short', /at least 32 bytes/],
  ['BCRYPT_COST', '31', /from 4 to 15/],
  ['DATABASE_CONNECTIONS', '1', /from 2 to 200/],
  ['STATEMENT_TIMEOUT_MS', '1.5', /whole number/],
  ['STREAM_REPLICAS', '0', /from 1/],
  ['STREAM_MAX_BYTES', '1', /from 1048576/],
  ['TRUST_PROXY', 'true', /addresses or networks/],
  ['TRUST_PROXY', '10.0.0.0/33', /addresses or networks/],
  ['TRUST_PROXY', '1', /addresses or networks/],
  ['MAX_CONNECTIONS', '0', /from 1/],
  ['SWEEP_AFTER_SECONDS', 'soon', /whole number/],
  ['TILLSTREAM_FAILPOINTS', 'commit-wake', /a list such as insert-commit:1/],
  ['TILLSTREAM_FAILPOINTS', 'nowhere:1', /publish-mark/],
  ['TILLSTREAM_FAILPOINTS', 'effect-ack:0', /a list such as/],
]

for (const [name, value, expected] of wrong) {
  t.test(`${name}=${value} is named, with what is expected`, async (t) => {
    const [problem, ...others] = problemsOf({ [name]: value })
    t.match(problem, new RegExp(`^${name} must be `))
    t.match(problem, expected)
    // DATABASE_URL is the other databases' fallback, and must not be complained about once for each.
    t.same(others, [])
  })
}

t.test('production refuses a broker without credentials, and takes one with any', async (t) => {
  const broker = { NATS_URL: 'nats://broker:4222', NODE_ENV: 'production' }
  t.match(problemsOf(broker), [/^NATS_URL must have credentials, .*NODE_ENV is production/])
  t.same(problemsOf({ ...broker, NODE_ENV: '' }), [])
  t.same(problemsOf({ NODE_ENV: 'production' }), [], 'a broker of its own has them')
  const ways: readonly Env[] = [
    { NATS_URL: 'nats://order:secret@broker' },
    { NATS_USER: 'order', NATS_PASSWORD: 'secret' },
    { NATS_CREDS: '/run/secrets/order.creds' },
    { NATS_NKEY: 'SU'.padEnd(58, 'A') },
  ]
  for (const way of ways) t.same(problemsOf({ ...broker, ...way }), [], Object.keys(way).join())
})

t.test('credentials that contradict each other are named, and never shown', async (t) => {
  const url = { NATS_URL: 'nats://broker:4222' }
  t.match(problemsOf({ ...url, NATS_PASSWORD: 'hunter2' }), [/^NATS_USER must be set/])
  t.match(problemsOf({ ...url, NATS_USER: 'order' }), [/^NATS_PASSWORD must be set/])
  t.match(problemsOf({ NATS_URL: 'nats://a:hunter2@x,nats://b:hunter2@y' }), [/^NATS_URL must give all/])
  t.same(problemsOf({ NATS_PASSWORD: 'hunter2' }), [], 'docker-compose.yml may have put it into .env')
})

t.test('failpoints are counted passages, and production refuses them', async (t) => {
  const points = { TILLSTREAM_FAILPOINTS: 'effect-ack:3, commit-wake:1' }
  t.same(
    [...loadConfig(points).common.failpoints],
    [
      ['effect-ack', 3],
      ['commit-wake', 1],
    ],
  )
  t.equal(loadConfig({}).common.failpoints.size, 0)
  t.same(problemsOf({ ...points, NODE_ENV: 'production' }), [
    'TILLSTREAM_FAILPOINTS must not be set: NODE_ENV is production, and it kills the process',
  ])
  t.same(problemsOf({ NODE_ENV: 'production' }), [])
})

t.test(
  'the setting of an earlier version stops the start, and names the one that has taken its place',
  async (t) => {
    t.match(problemsOf({ TOKEN_LIFETIME_SECONDS: '3600' }), [
      /^TOKEN_LIFETIME_SECONDS must be .*ACCESS_TOKEN_SECONDS/,
    ])
  },
)

t.test('all wrong values are named in one go, and none of them is shown', async (t) => {
  const env = Object.fromEntries(wrong.map(([name, value]) => [name, `${value} hunter2`]))
  const problems = problemsOf(env)
  t.same(problems.map((problem) => problem.split(' ')[0]).sort(), [...new Set(Object.keys(env))].sort())
  t.notMatch(problems.join(), /hunter2|mysql|short|DOLLARS/)
})
