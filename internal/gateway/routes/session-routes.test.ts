import t from 'tap'
import { Refusal } from '../../platform/refusal.ts'
import { refreshTokens } from '../refresh-tokens.ts'
import { account, fakeServices, ids, session, user } from '../testing/fake-services.ts'
import { jwtSecret, testGateway, tokenOf } from '../testing/test-gateway.ts'

type Pair = { readonly accessToken: string; readonly refreshToken: string }

const tokens = refreshTokens([jwtSecret])
const credentials = { username: 'ada', password: 'correct horse' }

t.test('a login gives a pair of tokens, and the first is good for the rest', async (t) => {
  const { send, asked } = await testGateway(t)
  for (const login of [{ email: 'ada@example.com' }, { username: 'ada' }]) {
    const headers = { 'user-agent': `Möbel/1 ${'x'.repeat(400)}` }
    const answer = await send('POST /users/login', { body: { ...login, password: 'correct horse' }, headers })
    t.equal(answer.statusCode, 200)
    t.equal(answer.headers['cache-control'], 'no-store')
    const { accessToken, refreshToken, ...rest } = answer.json<Pair>()
    t.strictSame(rest, {
      ...{ tokenType: 'Bearer', expiresIn: 900, refreshExpiresIn: 86_400, sessionId: session.id, user },
    })
    t.strictSame(tokens.read(refreshToken), { sessionId: session.id, generation: 1 })
    const client = `Mbel/1 ${'x'.repeat(400)}`.slice(0, 300)
    const request = {
      login: Object.values(login)[0],
      password: 'correct horse',
      client,
      address: '127.0.0.1',
      code: '',
    }
    t.strictSame(asked.at(-1)?.request, request)
    const whose = await send('GET /auth/validate', { headers: { authorization: `Bearer ${accessToken}` } })
    t.strictSame(whose.json(), { user: { id: ids.customer, email: 'ada@example.com', role: 'customer' } })
  }
})

t.test('a wrong login is not authenticated', async (t) => {
  const logIn = async (): Promise<never> => {
    throw new Refusal('unauthenticated', 'auth.bad-credentials', 'wrong')
  }
  const { send } = await testGateway(t, fakeServices({ users: { logIn } }))
  const answer = await send('POST /users/login', { body: { username: 'ada', password: 'x' } })
  t.match(answer.json(), { status: 401, code: 'auth.bad-credentials' })
  t.equal(answer.headers['www-authenticate'], 'Bearer')
})

t.test('a refresh gives the next pair, made from the session alone', async (t) => {
  const next = { ...session, generation: 2 }
  const refreshSession = async () => ({ user: account, session: next })
  const { send, asked } = await testGateway(t, fakeServices({ users: { refreshSession } }))
  const refresh = async () => {
    const refreshToken = tokens.issue({ sessionId: session.id, generation: 1 })
    return (await send('POST /auth/refresh', { body: { refreshToken } })).json<Pair>()
  }
  const pair = await refresh()
  t.strictSame(tokens.read(pair.refreshToken), { sessionId: session.id, generation: 2 })
  t.strictSame(await refresh(), pair)
  t.equal(asked.length, 0, 'the fake of this test records nothing')
})

for (const [what, refreshToken] of Object.entries({
  'of another secret': refreshTokens([`${jwtSecret}!`]).issue({ sessionId: session.id, generation: 1 }),
  'of a later generation': tokens.issue({ sessionId: session.id, generation: 1 }).replace('.1.', '.2.'),
  'that is an access token': 'a.b.c',
  'that is empty': '',
})) {
  t.test(`a refresh token ${what} is refused, and nobody is asked`, async (t) => {
    const { send, asked } = await testGateway(t)
    const answer = await send('POST /auth/refresh', { body: { refreshToken } })
    t.match(answer.json(), { status: 401, code: 'auth.refresh-token-invalid' })
    t.equal(asked.length, 0)
  })
}

t.test('a replaced secret logs nobody out', async (t) => {
  const old = await testGateway(t)
  const accessToken = tokenOf(old.app, 'customer')
  const refreshToken = tokens.issue({ sessionId: session.id, generation: 1 })
  const secrets = { jwtSecret: 'another secret, of 32 bytes or more', jwtSecretPrevious: jwtSecret }
  const headers = { authorization: `Bearer ${accessToken}` }
  const replaced = await testGateway(t, secrets)
  t.equal((await replaced.send('GET /users/me', { headers })).statusCode, 200)
  t.equal((await replaced.send('POST /auth/refresh', { body: { refreshToken } })).statusCode, 200)
  const signed = (await replaced.send('POST /users/login', { body: credentials })).json<Pair>()
  t.equal((await old.send('GET /users/me', { headers: bearer(signed) })).statusCode, 401, 'the new one signs')
  t.equal((await replaced.send('GET /users/me', { headers: bearer(signed) })).statusCode, 200)
  const forgotten = await testGateway(t, { jwtSecret: secrets.jwtSecret })
  t.equal((await forgotten.send('GET /users/me', { headers })).statusCode, 401)
})

const bearer = ({ accessToken }: Pair) => ({ authorization: `Bearer ${accessToken}` })

t.test('a token of a session that has ended is refused; what anyone may call goes on', async (t) => {
  const ending = { sessionId: session.id, userId: '', accessVersion: 0 }
  const listEndings = async () => ({ endings: [ending], asOf: session.createdAt, nextId: '' })
  const { send } = await testGateway(t, fakeServices({ users: { listEndings } }))
  t.match((await send('GET /users/me', { as: 'customer' })).json(), {
    status: 401,
    code: 'auth.session-revoked',
  })
  t.equal((await send('GET /products', { as: 'customer' })).statusCode, 200)
})

t.test('where nobody can say whether a session goes on, it is not believed', async (t) => {
  let isAway = true
  const listEndings = async () => {
    if (isAway) throw new Refusal('unavailable', 'service.unavailable', 'away')
    return { endings: [], asOf: session.createdAt, nextId: '' }
  }
  const { send } = await testGateway(t, fakeServices({ users: { listEndings } }))
  t.match((await send('GET /users/me', { as: 'customer' })).json(), {
    status: 503,
    code: 'auth.unverifiable',
  })
  t.equal((await send('GET /products')).statusCode, 200)
  isAway = false
  t.equal((await send('GET /users/me', { as: 'customer' })).statusCode, 200)
})

t.test('leaving ends the own session, or all of them', async (t) => {
  const { send, asked } = await testGateway(t)
  t.equal((await send('POST /auth/logout', { as: 'customer' })).statusCode, 204)
  t.match(asked.at(-1), { method: 'endSession', request: { id: session.id } })
  t.equal((await send('POST /auth/logout-all', { as: 'customer' })).statusCode, 204)
  t.match(asked.at(-1), { method: 'endSessions' })
  t.equal((await send(`DELETE /users/me/sessions/${ids.order}`, { as: 'customer' })).statusCode, 204)
  t.match(asked.at(-1), { method: 'endSession', request: { id: ids.order } })
})

t.test('the list of sessions says which one asks', async (t) => {
  const { send } = await testGateway(t)
  const { id, createdAt, refreshedAt: lastUsedAt, expiresAt, client, address } = session
  const own = { id, createdAt, lastUsedAt, expiresAt, client, address, isCurrent: true }
  t.strictSame((await send('GET /users/me/sessions', { as: 'customer' })).json(), { data: [own] })
})

t.test('a changed password keeps the session that asks', async (t) => {
  const { send, asked } = await testGateway(t)
  const body = { currentPassword: 'correct horse', newPassword: 'battery staple' }
  t.equal((await send('POST /users/me/password', { as: 'customer', body })).statusCode, 204)
  t.match(asked.at(-1), { method: 'changePassword', request: { ...body, sessionId: session.id } })
})
