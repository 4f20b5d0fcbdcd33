import { generateSync } from 'otplib'
import t from 'tap'
import type { Call } from '../../platform/call.ts'
import { openAccount } from '../domain/account.ts'
import { totpCodes } from '../infrastructure/totp-codes.ts'
import { morning, newAccount, trace } from '../testing/accounts-contract.ts'
import { fakeAccounts } from '../testing/fake-accounts.ts'
import { fakePasswords } from '../testing/fake-passwords.ts'
import { startSession } from './begin-session.ts'
import { logIn } from './log-in.ts'
import {
  beginOwnSecondFactor,
  confirmOwnSecondFactor,
  passSecondFactor,
  removeOwnSecondFactor,
} from './second-factors.ts'
import type { SessionId } from '../domain/session.ts'
import { newId } from '../../platform/new-id.ts'

const codes = totpCodes('a secret of at least 32 bytes, for tests')

async function open(codesOf = () => codes) {
  const { accounts, sessions } = fakeAccounts()
  const clock = { at: morning }
  const now = (): Date => clock.at
  const passwords = fakePasswords()
  const deps = {
    ...{ accounts, now },
    get codes() {
      return codesOf()
    },
  }
  const account = newAccount({ passwordHash: 'hash of correct horse' })
  const { id } = await accounts.add(openAccount(account, morning), trace)
  const call: Call = {
    actor: { kind: 'user', userId: id, role: 'customer' },
    correlationId: '',
    traceparent: '',
  }
  const begin = startSession({
    ...{ sessions, sessionDays: 30, now, newSessionId: () => newId() as SessionId },
    logIn: logIn({ accounts, passwords, otherDecoys: async () => ['none'], rehash: () => undefined }),
    passSecondFactor: (account, code) => passSecondFactor(deps)(account, code),
  })
  const person = {
    ...{ accounts, sessions, clock, id, call },
    begin: () => beginOwnSecondFactor(deps)(call),
    confirm: (code: string) => confirmOwnSecondFactor(deps)(code, call),
    remove: (code: string) => removeOwnSecondFactor(deps)(code, call),
    logIn: (code = '', password = 'correct horse') =>
      begin({ login: account.username, password, code, client: '', address: '' }, call),
    codeOf: (secret: string) => generateSync({ secret, epoch: clock.at.getTime() / 1_000 }),
    pass: (seconds: number) => void (clock.at = new Date(clock.at.getTime() + seconds * 1_000)),
  }
  return {
    ...person,
    /** Sets one up, and lets its first step go by. */
    setUp: async () => {
      const { secret } = await person.begin()
      const recoveryCodes = await person.confirm(person.codeOf(secret))
      person.pass(30)
      return { secret, recoveryCodes }
    },
  }
}

t.test('nobody is asked for a code before it is confirmed, and everybody afterwards', async (t) => {
  const { begin, confirm, codeOf, logIn, pass, accounts, id } = await open()
  const { secret, uri } = await begin()
  t.ok(uri.includes(secret))
  await logIn()
  await t.rejects(confirm('000000'), { kind: 'forbidden', code: 'user.wrong-code' })
  await logIn()
  t.equal((await confirm(codeOf(secret))).length, 10)
  t.match(await accounts.find(id), { accessVersion: 2, version: 2 }, 'tokens of before are good no more')
  await t.rejects(logIn(), { kind: 'unauthenticated', code: 'auth.second-factor-required' })
  pass(30)
  await logIn(codeOf(secret))
})

t.test('a wrong password is told as one, with or without a code', async (t) => {
  const { setUp, codeOf, logIn } = await open()
  const { secret } = await setUp()
  await t.rejects(logIn('', 'wrong'), { code: 'auth.bad-credentials' })
  await t.rejects(logIn(codeOf(secret), 'wrong'), { code: 'auth.bad-credentials' })
  await logIn(codeOf(secret))
})

t.test('a code opens once: replayed, raced, and the one it was confirmed with', async (t) => {
  const { begin, confirm, codeOf, logIn, pass } = await open()
  const { secret } = await begin()
  const first = codeOf(secret)
  await confirm(first)
  await t.rejects(logIn(first), { kind: 'unauthenticated', code: 'auth.bad-second-factor' })
  pass(30)
  const code = codeOf(secret)
  const raced = await Promise.allSettled(Array.from({ length: 8 }, () => logIn(code)))
  t.equal(raced.filter(({ status }) => status === 'fulfilled').length, 1)
  pass(30)
  await logIn(codeOf(secret))
})

t.test('a recovery code opens once', async (t) => {
  const { setUp, logIn } = await open()
  const { recoveryCodes } = await setUp()
  const [one = '', other = ''] = recoveryCodes
  const raced = await Promise.allSettled([logIn(one), logIn(one), logIn(one)])
  t.equal(raced.filter(({ status }) => status === 'fulfilled').length, 1)
  await logIn(other.toUpperCase())
})

t.test(
  'whoever guesses is stopped, the owner waits, and recovery codes are not for guessing either',
  async (t) => {
    const { setUp, codeOf, logIn, pass } = await open()
    const { secret, recoveryCodes } = await setUp()
    for (let n = 0; n < 10; n++) await t.rejects(logIn('abcdef'), { code: 'auth.bad-second-factor' })
    await t.rejects(logIn(codeOf(secret)), { code: 'auth.too-many-codes' })
    await t.rejects(logIn(recoveryCodes[0]), { code: 'auth.too-many-codes' })
    pass(900)
    await logIn(codeOf(secret))
  },
)

t.test('one that is set is not replaced, and it is removed with a code only', async (t) => {
  const { setUp, begin, confirm, remove, codeOf, logIn, pass } = await open()
  const { secret } = await setUp()
  await t.rejects(begin(), { kind: 'conflict', code: 'second-factor.set' })
  await t.rejects(confirm(codeOf(secret)), { code: 'second-factor.set' })
  await t.rejects(remove('000000'), { code: 'user.wrong-code' })
  pass(30)
  await remove(codeOf(secret))
  await logIn()
  await t.rejects(remove(codeOf(secret)), { code: 'second-factor.not-found' })
  await begin()
})

t.test('after a new secret, a good code encrypts anew what the previous one has encrypted', async (t) => {
  const [old, today] = ['the secret of last year, which has leaked', 'the secret of today, which nobody has']
  const shop = { codes: totpCodes(old) }
  const { setUp, logIn, codeOf, pass, accounts, id } = await open(() => shop.codes)
  const { secret, recoveryCodes } = await setUp()
  const sealed = async () => (await accounts.find(id))?.secondFactor?.sealedSecret
  const before = await sealed()
  shop.codes = totpCodes(today, old)
  await t.rejects(logIn('000000'), { code: 'auth.bad-second-factor' })
  t.equal(await sealed(), before)
  await logIn(recoveryCodes[0])
  const anew = await sealed()
  t.not(anew, before)
  await logIn(codeOf(secret))
  t.equal(await sealed(), anew, 'once')
  pass(30)
  shop.codes = totpCodes(today)
  await logIn(codeOf(secret))
})
