import t from 'tap'
import { Refusal } from '../../platform/refusal.ts'
import { fakeServices, user } from '../testing/fake-services.ts'
import { testGateway } from '../testing/test-gateway.ts'

const back = 'http://shop.example/back'
const begin = (returnTo: string) => `GET /auth/oidc/google?returnTo=${encodeURIComponent(returnTo)}`
const callback = 'GET /auth/oidc/google/callback?state=s&code=c'

t.test('the browser is sent to the provider, with what only it has', async (t) => {
  const { send, asked } = await testGateway(t, { returnOrigins: ['http://shop.example'] })
  const answer = await send(begin(back))
  t.equal(answer.statusCode, 302)
  t.match(answer.headers, { location: 'https://id.example/authorize?x=1', 'cache-control': 'no-store' })
  t.match(
    answer.headers['set-cookie'],
    /^tillstream-login=an\.attempt; Path=\/auth\/oidc\/google; Max-Age=600; HttpOnly; SameSite=Lax$/,
  )
  t.match(asked.at(-1)?.request, {
    ...{ provider: 'google', returnTo: back },
    redirectUri: 'http://localhost/auth/oidc/google/callback',
  })
})

t.test('nobody is sent back to a stranger', async (t) => {
  const { send, asked } = await testGateway(t, { returnOrigins: ['http://shop.example'] })
  for (const to of [
    'https://evil.example/',
    'http://shop.example.evil.example/',
    'http://shop.example@evil.example/',
    'https://shop.example/',
    '//evil.example/',
    '/back',
    'javascript:alert(1)',
    'http:\\\\evil.example',
  ]) {
    const answer = await send(begin(to))
    t.equal(answer.statusCode, 400, to)
    t.match(answer.json(), { code: 'request.return-not-allowed' })
  }
  t.equal((await send('GET /auth/oidc/google')).statusCode, 400, 'nor to nowhere')
  t.notOk(asked.some(({ method }) => method === 'beginIdentityLogin'))
})

t.test('who comes back goes on to the shop with a code, and the cookie is gone', async (t) => {
  const { send, asked } = await testGateway(t)
  const headers = { cookie: 'a=b; tillstream-login=an.attempt; c=d' }
  const answer = await send(callback, { headers })
  t.equal(answer.statusCode, 302)
  t.equal(answer.headers.location, 'http://localhost/back?a=1&code=a+code')
  t.match(answer.headers['set-cookie'], /^tillstream-login=; Path=\/auth\/oidc\/google; Max-Age=0;/)
  t.match(asked.at(-1)?.request, {
    ...{ provider: 'google', attempt: 'an.attempt' },
    url: 'http://localhost/auth/oidc/google/callback?state=s&code=c',
  })
  await send(callback)
  t.match(asked.at(-1)?.request, { attempt: '' })
})

t.test('who was refused goes on to the shop with the reason', async (t) => {
  const finishIdentityLogin = async () => ({ returnTo: back, code: '', error: 'auth.identity-refused' })
  const { send } = await testGateway(t, fakeServices({ users: { finishIdentityLogin } }))
  const { headers } = await send(callback)
  t.equal(headers.location, `${back}?error=auth.identity-refused`)
})

t.test('a login that did not begin here goes nowhere', async (t) => {
  const finishIdentityLogin = async (): Promise<never> => {
    throw new Refusal('invalid', 'auth.login-attempt-invalid', 'begin again')
  }
  const { send } = await testGateway(t, fakeServices({ users: { finishIdentityLogin } }))
  const answer = await send(callback)
  t.equal(answer.headers.location, undefined)
  t.match(answer.json(), { status: 400, code: 'auth.login-attempt-invalid' })
})

t.test('a code gives a pair of tokens, and the own cart', async (t) => {
  const { send, asked } = await testGateway(t)
  const answer = await send('POST /auth/token', { body: { code: 'a code' } })
  t.match(answer.json(), { accessToken: String, refreshToken: String, sessionId: String, user })
  t.match(asked.at(-1), { method: 'redeemLoginCode', request: { code: 'a code', client: String } })
})

t.test('providers and own identities are listed, and one is unlinked', async (t) => {
  const { send, asked } = await testGateway(t)
  t.same((await send('GET /auth/providers')).json(), { data: [{ id: 'google', name: 'Google' }] })
  const { data } = (await send('GET /users/me/identities', { as: 'customer' })).json<{
    readonly data: readonly { readonly id: string }[]
  }>()
  t.match(data, [{ provider: 'google' }])
  const id = data[0]?.id ?? ''
  t.equal((await send(`DELETE /users/me/identities/${id}`, { as: 'customer' })).statusCode, 204)
  t.match(asked.at(-1), { method: 'unlinkIdentity', request: { id } })
})
