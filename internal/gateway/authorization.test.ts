import { createHmac } from 'node:crypto'
import t from 'tap'
import type { Access } from '../platform/callers/access.ts'
import { permissions } from '../platform/permissions.ts'
import { ids, session } from './testing/fake-services.ts'
import { keyId } from '../platform/callers/tokens.ts'
import { endpointTable, jwtSecret, testGateway, tokenOf, type Who } from './testing/test-gateway.ts'

const gateway = await testGateway(t)
const allowed: Readonly<Record<Access, readonly Who[]>> = {
  anyone: ['anyone', 'customer', 'admin'],
  shopper: ['anyone', 'customer', 'admin'],
  // Nobody shows a token here; guests.e2e.test.ts has those who do.
  buyer: ['customer', 'admin'],
  customer: ['customer', 'admin'],
  staff: ['admin'],
  admin: ['admin'],
}

for (const { method, path, access } of endpointTable()) {
  t.test(`${method} ${path} is for ${access}`, async (t) => {
    const route = `${method} ${path.replace(/:\w+/, ids.order)}`
    for (const who of ['anyone', 'customer', 'admin'] as const) {
      const { statusCode } = await gateway.send(route, { as: who })
      if (allowed[access].includes(who)) t.notMatch([401, 403], [statusCode], `${who} may`)
      else t.equal(statusCode, who === 'anyone' ? 401 : 403, `${who} may not`)
    }
  })
}

const staffWith = (own: readonly string[]) =>
  ({ authorization: `Bearer ${tokenOf(gateway.app, 'admin', { role: 'staff', prm: own })}` }) as const

for (const { method, path, access, permission } of endpointTable()) {
  const route = `${method} ${path.replace(/:\w+/, ids.order)}`
  if (access === 'admin')
    t.test(`${route} is for no staff, whatever they were given`, async (t) => {
      const answer = await gateway.send(route, { headers: staffWith(permissions) })
      t.match(answer.json(), { status: 403, code: 'auth.forbidden' })
    })
  if (access === 'staff')
    t.test(`${route} is for staff with ${permission}`, async (t) => {
      const others = permissions.filter((name) => name !== permission)
      for (const own of [[], others]) {
        const answer = await gateway.send(route, { headers: staffWith(own) })
        t.match(answer.json(), { status: 403, code: 'auth.permission-missing', permission })
      }
      const { statusCode } = await gateway.send(route, { headers: staffWith([permission ?? '']) })
      t.notMatch([401, 403], [statusCode])
    })
}

t.test('services are told what staff were given, and on whose behalf they act', async (t) => {
  await gateway.send('GET /orders', { headers: staffWith(['orders:read', 'no:such']) })
  t.match(gateway.asked.at(-1)?.call, {
    actor: { kind: 'user', userId: ids.admin, role: 'staff', permissions: ['orders:read'] },
    by: { kind: 'user', id: ids.admin, address: '127.0.0.1' },
  })
})

t.test('a customer has no permissions, whatever a token says', async (t) => {
  const token = tokenOf(gateway.app, 'customer', { prm: permissions })
  const answer = await gateway.send('GET /admin/log', { headers: { authorization: `Bearer ${token}` } })
  t.match(answer.json(), { status: 403, code: 'auth.forbidden' })
})

t.test('who may not call is told so before the body is looked at', async (t) => {
  const { statusCode } = await gateway.send('POST /products', { as: 'customer', body: '{' })
  t.equal(statusCode, 403)
})

const b64 = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
const kid = keyId(jwtSecret)
const hs = (
  alg: string,
  hash: string,
  claims: object,
  secret = jwtSecret,
  header: object = { kid },
): string => {
  const signed = `${b64({ alg, typ: 'JWT', ...header })}.${b64(claims)}`
  return `${signed}.${createHmac(hash, secret).update(signed).digest('base64url')}`
}
const soon = Math.floor(Date.now() / 1_000) + 600
const claims = {
  ...{ sub: ids.customer, role: 'customer', email: 'ada@example.com', sid: session.id, ver: 1, exp: soon },
}
const { exp: _exp, ...endless } = claims
const { sid: _sid, ...unending } = claims

const tokens: readonly (readonly [what: string, token: string, code: string])[] = [
  ['one that is none', 'nonsense', 'auth.token-invalid'],
  ['an empty one', '', 'auth.token-invalid'],
  ['alg none', `${b64({ alg: 'none', typ: 'JWT', kid })}.${b64(claims)}.`, 'auth.token-invalid'],
  ['alg none with a signature', `${b64({ alg: 'none', kid })}.${b64(claims)}.eA`, 'auth.token-invalid'],
  [
    'another secret',
    hs('HS256', 'sha256', claims, 'another secret of at least 32 bytes'),
    'auth.token-invalid',
  ],
  ['HS512 with our secret', hs('HS512', 'sha512', claims), 'auth.token-invalid'],
  ['no session, as of earlier versions', hs('HS256', 'sha256', unending), 'auth.token-invalid'],
  ['no key id', hs('HS256', 'sha256', claims, jwtSecret, {}), 'auth.token-invalid'],
  ['another key id', hs('HS256', 'sha256', claims, jwtSecret, { kid: 'x' }), 'auth.token-invalid'],
  ['a header that is no JSON', `bm8.${b64(claims)}.eA`, 'auth.token-invalid'],
  ['no expiry', hs('HS256', 'sha256', endless), 'auth.token-invalid'],
  ['another role', hs('HS256', 'sha256', { ...claims, role: 'root' }), 'auth.token-invalid'],
  ['a subject that is no id', hs('HS256', 'sha256', { ...claims, sub: 'ada' }), 'auth.token-invalid'],
  ['no e-mail address', hs('HS256', 'sha256', { ...claims, email: 7 }), 'auth.token-invalid'],
  ['a time that has passed', hs('HS256', 'sha256', { ...claims, exp: 1_000 }), 'auth.token-expired'],
]

for (const [what, token, code] of tokens) {
  t.test(`a token with ${what} is refused: ${code}`, async (t) => {
    const answer = await gateway.send('GET /auth/validate', { headers: { authorization: `Bearer ${token}` } })
    t.match(answer.json(), { status: 401, code })
    t.equal(answer.headers['www-authenticate'], 'Bearer error="invalid_token"')
  })
}

t.test('the payload of a good token cannot be exchanged', async (t) => {
  const [header, , signature] = tokenOf(gateway.app, 'customer').split('.')
  const forged = `${header ?? ''}.${b64({ ...claims, role: 'admin' })}.${signature ?? ''}`
  const answer = await gateway.send('GET /auth/validate', { headers: { authorization: `Bearer ${forged}` } })
  t.match(answer.json(), { status: 401, code: 'auth.token-invalid' })
})

t.test('other schemes are no tokens, and none at all is asked for one', async (t) => {
  const basic = await gateway.send('GET /users/me', { headers: { authorization: 'Basic YTpi' } })
  t.match(basic.json(), { status: 401, code: 'auth.token-invalid' })
  const none = await gateway.send('GET /users/me')
  t.match(none.json(), { status: 401, code: 'auth.required' })
  t.equal(none.headers['www-authenticate'], 'Bearer')
})

t.test('a token that was good is not good for longer than it says', async (t) => {
  const gateway = await testGateway(t)
  const exp = Math.floor(Date.now() / 1_000) + 600
  const authorization = `Bearer ${tokenOf(gateway.app, 'customer', { exp })}`
  t.equal((await gateway.send('GET /auth/validate', { headers: { authorization } })).statusCode, 200)
  const { now } = Date
  t.teardown(() => (Date.now = now))
  Date.now = () => exp * 1_000
  t.match((await gateway.send('GET /auth/validate', { headers: { authorization } })).json(), {
    code: 'auth.token-expired',
  })
})

t.test('where nobody needs a token a bad one does not matter', async (t) => {
  const headers = { authorization: 'Bearer nonsense' }
  t.equal((await gateway.send('GET /products', { headers })).statusCode, 200)
  t.equal(gateway.asked.at(-1)?.call.actor, undefined)
})

t.test('services are told who asks, under which id', async (t) => {
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
  const headers = { 'x-request-id': 'my.request_1', traceparent }
  const answer = await gateway.send('GET /orders', { as: 'customer', headers })
  t.equal(answer.headers['x-request-id'], 'my.request_1')
  t.strictSame(gateway.asked.at(-1)?.call, {
    actor: { kind: 'user', userId: ids.customer, role: 'customer' },
    correlationId: 'my.request_1',
    traceparent,
  })
})

for (const id of ['', 'a b', 'x'.repeat(65), 'a\r\nset-cookie: b', '<script>']) {
  t.test(`"${id}" is no request id`, async (t) => {
    const headers = { 'x-request-id': id, traceparent: '00-zz' }
    const answer = await gateway.send('GET /orders', { as: 'customer', headers })
    t.match(answer.headers['x-request-id'], /^[0-9a-f-]{36}$/)
    t.match(gateway.asked.at(-1)?.call, { correlationId: answer.headers['x-request-id'], traceparent: '' })
  })
}
