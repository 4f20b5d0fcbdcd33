import type { JWT } from '@fastify/jwt'
import fc from 'fast-check'
import t from 'tap'
import { ids } from './testing/fake-services.ts'
import { jwtSecret, testGateway, tokenOf } from './testing/test-gateway.ts'
import { keyId, tokenReader } from '../platform/callers/tokens.ts'

const { app } = await testGateway(t)

t.test('one token is verified once, however its header is written', async (t) => {
  let verified = 0
  const counting = { verify: (token: string) => (verified++, app.jwt.verify(token)) } as Pick<JWT, 'verify'>
  const readToken = tokenReader(new Map([[keyId(jwtSecret), counting]]))
  const token = tokenOf(app, 'customer')
  const scheme = fc.constantFrom('Bearer', 'bearer', 'BEARER', 'BeArEr')
  const property = fc.property(scheme, fc.integer({ min: 1, max: 4_000 }), (name, blanks) => {
    t.equal(readToken(`${name}${' '.repeat(blanks)}${token}`)?.userId, ids.customer)
  })
  fc.assert(property, { numRuns: 200 })
  t.equal(verified, 1)
})

t.test('a text that is far longer than our tokens is none of them', async (t) => {
  let verified = 0
  const counting = { verify: () => (verified++, {}) } as unknown as Pick<JWT, 'verify'>
  const readToken = tokenReader(new Map([[keyId(jwtSecret), counting]]))
  t.throws(() => readToken(`Bearer a.${'b'.repeat(10_000)}.c`), { code: 'auth.token-invalid' })
  t.equal(verified, 0)
})
