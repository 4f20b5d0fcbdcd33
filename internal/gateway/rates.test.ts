import fc from 'fast-check'
import t from 'tap'
import { Refusal } from '../platform/refusal.ts'
import { account, fakeServices, ids, session } from './testing/fake-services.ts'
import { testGateway } from './testing/test-gateway.ts'

t.test('who asks too often is told when to go on', async (t) => {
  const { send } = await testGateway(t, { rateLimitPerMinute: 2 })
  const first = await send('GET /orders', { as: 'customer' })
  t.match(first.headers, { 'ratelimit-limit': '2', 'ratelimit-remaining': '1' })
  await send('GET /users/me', { as: 'customer' })
  const answer = await send('GET /orders', { as: 'customer' })
  t.match(answer.json(), { status: 429, code: 'request.rate-limited' })
  t.match(answer.headers['content-type'], 'application/problem+json')
  t.ok(Number(answer.headers['retry-after']) > 0)
  t.equal((await send('GET /orders', { as: 'admin' })).statusCode, 200, 'others go on')
  t.equal((await send('GET /products')).statusCode, 200, 'an address is not a user')
})

t.test('guessing routes and tokens counts too', async (t) => {
  const { send } = await testGateway(t, { rateLimitPerMinute: 2 })
  await send('GET /nowhere')
  await send('GET /users/me', { headers: { authorization: 'Bearer guess' } })
  t.equal((await send('GET /nowhere')).statusCode, 429)
  t.equal((await send('GET /users/me', { headers: { authorization: 'Bearer guess' } })).statusCode, 429)
})

t.test('guessing passwords has a limit of its own, with or without a token', async (t) => {
  const { send } = await testGateway(t, { loginLimitPerMinute: 2 })
  const body = { username: 'ada', password: 'guess' }
  await send('POST /users/login', { body })
  await send('POST /users/login', { body, as: 'customer' })
  t.equal((await send('POST /users/login', { body, as: 'admin' })).statusCode, 429)
  t.equal((await send('GET /products')).statusCode, 200)
})

t.test('probes and scrapes have none', async (t) => {
  const { send } = await testGateway(t, { rateLimitPerMinute: 1 })
  for (const path of ['/livez', '/readyz', '/openapi.json', '/livez', '/readyz']) {
    t.equal((await send(`GET ${path}`)).statusCode, 200)
  }
})

t.test('other origins may call when they are named', async (t) => {
  const headers = { origin: 'https://shop.example', 'access-control-request-method': 'POST' }
  const named = await testGateway(t, { corsOrigins: ['https://shop.example'] })
  t.match((await named.send('OPTIONS /orders', { headers })).headers, {
    'access-control-allow-origin': 'https://shop.example',
    'access-control-allow-methods': /PATCH/,
  })
  const other = await named.send('GET /products', { headers: { origin: 'https://evil.example' } })
  t.equal(other.headers['access-control-allow-origin'], undefined)
  const any = await testGateway(t, { corsOrigins: ['*'] })
  t.equal((await any.send('GET /products', { headers })).headers['access-control-allow-origin'], '*')
  const none = await testGateway(t)
  t.equal((await none.send('OPTIONS /orders', { headers })).statusCode, 405)
  t.equal(
    (await none.send(`GET /products/${ids.product}`, { headers })).headers['access-control-allow-origin'],
    undefined,
  )
})

const wrong = async (): Promise<never> => {
  throw new Refusal('unauthenticated', 'auth.bad-credentials', 'the login or the password is wrong')
}
const guesses = (users = {}) => ({ ...fakeServices({ users: { logIn: wrong, ...users } }) })
const guess = (login: string, from = '10.0.0.1') => ({
  body: { email: login, password: 'guess' },
  headers: { 'x-forwarded-for': from },
})
const behindProxy = { trustProxy: ['127.0.0.1'], loginFailuresPerMinute: 2 }

t.test('guessing at one account ends after a few failures, for that account and address', async (t) => {
  const { send } = await testGateway(t, { ...guesses(), ...behindProxy })
  const first = await send('POST /users/login', guess('ada@example.com'))
  t.match(first.headers, { 'ratelimit-limit': '2', 'ratelimit-remaining': '1', 'ratelimit-reset': /^\d+$/ })
  t.equal((await send('POST /users/login', guess('ADA@example.com '))).statusCode, 401)
  const third = await send('POST /users/login', guess('ada@example.com'))
  t.match(third.json(), { status: 429, code: 'request.rate-limited' })
  t.match(third.headers, { 'ratelimit-limit': '2', 'ratelimit-remaining': '0' })
  t.ok(Number(third.headers['retry-after']) > 0 && Number(third.headers['retry-after']) <= 60)
  t.equal((await send('POST /users/login', guess('bob@example.com'))).statusCode, 401, 'other accounts')
  t.equal(
    (await send('POST /users/login', guess('ada@example.com', '10.0.0.2'))).statusCode,
    401,
    'elsewhere',
  )
})

t.test('many guesses at once are not all the last one', async (t) => {
  const { send } = await testGateway(t, { ...guesses(), ...behindProxy })
  const all = await Promise.all(Array.from({ length: 10 }, () => send('POST /users/login', guess('ada'))))
  t.equal(all.filter(({ statusCode }) => statusCode === 401).length, 2)
  t.equal(all.filter(({ statusCode }) => statusCode === 429).length, 8)
})

t.test('guessing from everywhere does not lock out who has logged in before', async (t) => {
  let isRight = true
  const logIn = async () => (isRight ? { user: account, session } : wrong())
  const { send } = await testGateway(t, { ...guesses({ logIn }), ...behindProxy })
  t.equal((await send('POST /users/login', guess('ada', '10.0.0.1'))).statusCode, 200)
  isRight = false
  for (let attacker = 0; attacker < 20; attacker++)
    await send('POST /users/login', guess('ada', `10.1.0.${attacker}`))
  isRight = true
  t.equal((await send('POST /users/login', guess('ada', '10.2.0.1'))).statusCode, 429, 'strangers wait')
  t.equal((await send('POST /users/login', guess('ada', '10.0.0.1'))).statusCode, 200, 'the owner does not')
})

t.test('what succeeds is no failure, nor is an outage', async (t) => {
  const logIn = async () => ({ user: account, session })
  const well = await testGateway(t, { ...guesses({ logIn }), ...behindProxy })
  for (let count = 0; count < 5; count++)
    t.equal((await well.send('POST /users/login', guess('ada'))).statusCode, 200)
  const away = async (): Promise<never> => {
    throw new Refusal('unavailable', 'overloaded', 'later')
  }
  const ill = await testGateway(t, { ...guesses({ logIn: away }), ...behindProxy })
  for (let count = 0; count < 5; count++)
    t.equal((await ill.send('POST /users/login', guess('ada'))).statusCode, 503)
})

t.test('who has a token may not guess the password of its account either', async (t) => {
  const changePassword = async (): Promise<never> => {
    throw new Refusal('forbidden', 'user.wrong-password', 'another one')
  }
  const { send } = await testGateway(t, { ...guesses({ changePassword }), ...behindProxy })
  const body = { currentPassword: 'guess', newPassword: 'battery staple 9' }
  const statuses = []
  for (let count = 0; count < 3; count++)
    statuses.push((await send('POST /users/me/password', { as: 'customer', body })).statusCode)
  t.same(statuses, [403, 403, 429])
})

t.test('registering under names that are taken is guessing, too', async (t) => {
  const registerUser = async (): Promise<never> => {
    throw new Refusal('conflict', 'user.email-taken', 'taken')
  }
  const { send } = await testGateway(t, { ...guesses({ registerUser }), ...behindProxy })
  const body = { username: 'ada', email: 'ada@example.com', password: 'correct horse' }
  const statuses = []
  for (let count = 0; count < 3; count++)
    statuses.push((await send('POST /users/register', { body })).statusCode)
  t.same(statuses, [409, 409, 429])
})

t.test('X-Forwarded-For is believed only of a proxy that is trusted', async (t) => {
  const limits = { loginLimitPerMinute: 1 }
  const from = (address: string) => ({ ...guess('ada', address) })
  const behind = await testGateway(t, { ...limits, trustProxy: ['loopback'] })
  t.equal((await behind.send('POST /users/login', from('10.0.0.1'))).statusCode, 200)
  t.equal((await behind.send('POST /users/login', from('10.0.0.2'))).statusCode, 200)
  t.equal((await behind.send('POST /users/login', from('10.0.0.2'))).statusCode, 429)
  const direct = await testGateway(t, limits)
  t.equal((await direct.send('POST /users/login', from('10.0.0.1'))).statusCode, 200)
  t.equal((await direct.send('POST /users/login', from('10.0.0.2'))).statusCode, 429)
})

const part = fc.integer({ min: 0x1000, max: 0xffff }).map((number) => number.toString(16))
const ipV4 = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255)).map((parts) => `198.${parts.join('.')}`)
const ipV6 = fc.tuple(part, part, part, part).map(([a, b, c, d]) => `2001:${a}:${b}:${c}::${d}`)
/** An address as proxies write it into X-Forwarded-For, with and without a port. */
const spellings = fc.oneof(
  ipV4.map((address) => [address, (port: number) => `${address}:${port}`] as const),
  ipV6.map((address) => [`[${address}]`, (port: number) => `[${address}]:${port}`] as const),
  ipV6.map((address) => [address, (port: number) => `"[${address}]:${port}"`] as const),
)

t.test('an address in X-Forwarded-For is the same with every port', async (t) => {
  const { send } = await testGateway(t, { loginLimitPerMinute: 3, trustProxy: ['loopback'] })
  const port = fc.integer({ min: 1, max: 65_535 })
  const seen = new Set<string>()
  const property = fc.asyncProperty(spellings, port, port, async ([plain, withPort], one, other) => {
    fc.pre(!seen.has(plain))
    seen.add(plain)
    const left = []
    for (const from of [plain, withPort(one), withPort(other), plain])
      left.push((await send('POST /users/login', guess('ada', from))).statusCode)
    t.same(left, [200, 200, 200, 429], plain)
  })
  await fc.assert(property, { numRuns: 40 })
})

t.test('a trusted proxy is recognized behind its port', async (t) => {
  const trustProxy = ['loopback', '10.0.0.0/8', '2001:db8::/32']
  const { send } = await testGateway(t, { loginLimitPerMinute: 1, trustProxy })
  for (const [client, proxies] of [
    ['192.0.2.1', '10.1.2.3:8080'],
    ['192.0.2.2:50', '[2001:db8::7]:443, 10.1.2.3:1'],
    ['192.0.2.3', '"[2001:db8::7]"'],
  ] as const) {
    const through = (address: string) => send('POST /users/login', guess('ada', `${address}, ${proxies}`))
    t.equal((await through(client)).statusCode, 200, client)
    t.equal((await through(client)).statusCode, 429, client)
  }
})

t.test('the e-mail address and the username of an account count together', async (t) => {
  const { send } = await testGateway(t, { ...guesses(), ...behindProxy })
  const body = (login: object) => ({ ...guess(''), body: { ...login, password: 'guess' } })
  const statuses = []
  for (const login of [
    { username: 'ada' },
    { email: 'ada@example.com' },
    { username: 'ADA' },
    { email: 'Ada@example.com' },
  ])
    statuses.push((await send('POST /users/login', body(login))).statusCode)
  t.same(statuses, [401, 401, 429, 429])
  t.equal((await send('POST /users/login', body({ username: 'bob' }))).statusCode, 401, 'another account')
})

t.test('registering counts at both names that it tries', async (t) => {
  const registerUser = async (): Promise<never> => {
    throw new Refusal('conflict', 'user.username-taken', 'taken')
  }
  const { send } = await testGateway(t, { ...guesses({ registerUser }), ...behindProxy })
  const statuses = []
  for (let count = 0; count < 3; count++) {
    const body = { username: 'ada', email: `new-${count}@example.com`, password: 'correct horse' }
    statuses.push((await send('POST /users/register', { body })).statusCode)
  }
  t.same(statuses, [409, 409, 429])
})

t.test('what a limited address tries costs its own places only', async (t) => {
  const { send } = await testGateway(t, { ...guesses(), ...behindProxy })
  for (let count = 0; count < 60; count++) await send('POST /users/login', guess('ada', '10.1.0.1'))
  t.equal((await send('POST /users/login', guess('ada', '10.2.0.1'))).statusCode, 401, 'strangers may try')
})
