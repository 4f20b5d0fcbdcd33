import { createSigner } from 'fast-jwt'
import t from 'tap'
import { systemCall } from '../../platform/call.ts'
import { keyId } from '../../platform/callers/tokens.ts'
import { newId } from '../../platform/new-id.ts'
import { accessTokenRpc, accessTokens } from './access-token-rpc.ts'

const [secret, previous] = [
  'a secret of at least 32 bytes, for tests',
  'the one before it, of 32 bytes at least',
]
const rpc = accessTokenRpc(accessTokens([secret, previous]))
const read = (token: string) => rpc.readAccessToken({ token }, systemCall(''))

const nowSeconds = Math.floor(Date.now() / 1_000)
const claims = { sub: newId(), sid: newId(), ver: 3, email: 'ada@example.com', exp: nowSeconds + 600 }
const sign = (more: object, key = secret, kid = keyId(key)): string =>
  createSigner({ key, kid, algorithm: 'HS256' })({ ...claims, ...more })

t.test('a token is told as the gateway has made it, by the secret before as well', async (t) => {
  const staff = { role: 'staff', prm: ['orders:read', 'no:such'], sf: true }
  for (const key of [secret, previous])
    t.same(await read(sign(staff, key)), {
      ...{ userId: claims.sub, sessionId: claims.sid, accessVersion: 3, email: claims.email },
      ...{ role: 'staff', permissions: ['orders:read'], secondFactor: true },
      expiresAt: new Date(claims.exp * 1_000).toISOString(),
    })
})

t.test('what is not one of ours, or is over, is refused', async (t) => {
  const customer = { role: 'customer' }
  const [head, , signature] = sign(customer).split('.')
  const other = Buffer.from(JSON.stringify({ ...claims, role: 'admin' })).toString('base64url')
  const forged = [
    '',
    'a.b.c',
    sign(customer, 'a secret that somebody has made up by himself', keyId(secret)),
    `${String(head)}.${other}.${String(signature)}`,
    sign({ role: 'root' }),
  ]
  for (const token of forged) await t.rejects(read(token), { code: 'auth.token-invalid' }, token)
  await t.rejects(read(sign({ ...customer, exp: nowSeconds - 1 })), { code: 'auth.token-expired' })
})

t.test('only our own processes may ask', async (t) => {
  const actor = { kind: 'user', userId: newId(), role: 'admin' } as const
  const asking = rpc.readAccessToken({ token: sign({ role: 'admin' }) }, { ...systemCall(''), actor })
  await t.rejects(asking, { code: 'auth.forbidden' })
})
