import { generateSync } from 'otplib'
import t from 'tap'
import { newId } from '../../platform/new-id.ts'
import type { UserId } from '../domain/account.ts'
import { totpCodes } from './totp-codes.ts'

const id = newId() as UserId
const codes = totpCodes('a secret of at least 32 bytes, for tests')
const at = new Date(1_700_000_010_000) // the first second of step 56666667
const codeAt = (secret: string, seconds: number): string =>
  generateSync({ secret, epoch: at.getTime() / 1_000 + seconds })

t.test('codes of now, of the step before and of the next one are known by their steps', (t) => {
  const secret = codes.newSecret()
  const sealed = codes.seal(secret, id)
  const step = (seconds: number) => codes.stepOf(sealed, id, codeAt(secret, seconds), at)
  t.same([-31, -30, -1, 0, 29, 30, 59, 60].map(step), [
    ...[undefined, 56_666_666, 56_666_666, 56_666_667],
    ...[56_666_667, 56_666_668, 56_666_668, undefined],
  ])
  t.end()
})

t.test('the vectors of RFC 6238', (t) => {
  const sealed = codes.seal('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', id)
  for (const [seconds, code] of [
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_234_567_890, '005924'],
    [2_000_000_000, '279037'],
  ] as const)
    t.equal(codes.stepOf(sealed, id, code, new Date(seconds * 1_000)), Math.floor(seconds / 30), code)
  t.end()
})

t.test('what is no code is none, and throws nothing', (t) => {
  const sealed = codes.seal(codes.newSecret(), id)
  for (const text of ['', '12345', '1234567', ' 12345', 'abcdef', '１２３４５６', '0'.repeat(10_000)])
    t.equal(codes.stepOf(sealed, id, text, at), undefined)
  t.end()
})

t.test('a secret is sealed for one account and by one shop', (t) => {
  const secret = codes.newSecret()
  const sealed = codes.seal(secret, id)
  const code = codeAt(secret, 0)
  t.notOk(sealed.includes(secret))
  t.equal(codes.stepOf(sealed, newId() as UserId, code, at), undefined)
  t.equal(totpCodes('another secret of 32 bytes or more').stepOf(sealed, id, code, at), undefined)
  t.equal(totpCodes('').stepOf(sealed, id, code, at), undefined)
  t.equal(codes.stepOf('nonsense', id, code, at), undefined)
  t.throws(() => totpCodes('').seal(secret, id), { code: 'second-factor.unavailable' })
  t.end()
})

t.test('what a previous secret has sealed is read, and sealed anew by the one of today', (t) => {
  const [old, today] = ['the secret of last year, which has leaked', 'the secret of today, which nobody has']
  const secret = codes.newSecret()
  const code = codeAt(secret, 0)
  const sealed = totpCodes(old).seal(secret, id)
  const both = totpCodes(today, old)
  t.equal(both.stepOf(sealed, id, code, at), 56_666_667)
  const anew = both.sealedAnew(sealed, id)
  t.not(anew, sealed)
  t.equal(totpCodes(today).stepOf(anew, id, code, at), 56_666_667, 'the old secret is needed no more')
  t.equal(totpCodes(old).stepOf(anew, id, code, at), undefined)
  t.equal(both.sealedAnew(anew, id), anew, 'what is sealed by it stays as it is')
  const strange = totpCodes('a secret of another shop, 32 bytes long').seal(secret, id)
  t.equal(both.sealedAnew(strange, id), strange)
  t.equal(both.sealedAnew(sealed, newId() as UserId), sealed, 'nor is it sealed for another account')
  t.end()
})

t.test('recovery codes are ten, all different, and read however they are written', (t) => {
  const made = codes.newRecoveryCodes()
  t.equal(new Set(made).size, 10)
  for (const code of made) t.match(code, /^[0-9a-f]{5}(-[0-9a-f]{5}){3}$/)
  const [one = ''] = made
  t.equal(codes.hashOf(one.replaceAll('-', ' ').toUpperCase()), codes.hashOf(one))
  t.match(codes.uriOf('SECRET', 'a@b.c'), 'otpauth://totp/Tillstream:a%40b.c?secret=SECRET&issuer=Tillstream')
  t.end()
})
