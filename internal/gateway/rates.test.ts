import t from 'tap'
import { ids } from './testing/fake-services.ts'
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
  for (const path of ['/livez', '/readyz', '/metrics', '/openapi.json', '/livez']) {
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
