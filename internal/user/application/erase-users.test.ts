import { generateSync } from 'otplib'
import t from 'tap'
import type { Call, Role } from '../../platform/call.ts'
import { newId } from '../../platform/new-id.ts'
import { changeSecondFactor, openAccount, type NewAccount, type UserId } from '../domain/account.ts'
import { confirmSecondFactor, beginSecondFactor } from '../domain/second-factor.ts'
import { totpCodes } from '../infrastructure/totp-codes.ts'
import { morning, newAccount, noon, trace } from '../testing/accounts-contract.ts'
import { fakeAccounts } from '../testing/fake-accounts.ts'
import { fakePasswords } from '../testing/fake-passwords.ts'
import { sessionOf } from '../testing/sessions-contract.ts'
import { erasureUses, type Proof } from './erase-users.ts'
import type { Passwords } from './passwords.ts'
import { proveSecondFactor } from './second-factors.ts'

const codes = totpCodes('a secret of at least 32 bytes, for tests')
const minuteMs = 60_000
const settleMs = minuteMs
const minutesAfterNoon = (minutes: number): Date => new Date(noon.getTime() + minutes * minuteMs)

const callOf = (userId: string, role: Role): Call => ({
  actor: { kind: 'user', userId, role },
  ...{ correlationId: 'test', traceparent: '' },
})
const admin = callOf(newId(), 'admin')
const system: Call = { actor: { kind: 'system' }, correlationId: 'test', traceparent: '' }

async function open(wanted: Partial<NewAccount> = {}) {
  const { accounts, sessions, erasures, published } = fakeAccounts()
  const clock = { at: noon }
  const now = (): Date => clock.at
  const during = { comparing: async (): Promise<void> => undefined }
  const passwords: Passwords = {
    ...fakePasswords(),
    async matches(password, hash) {
      await during.comparing()
      return hash === `hash of ${password}`
    },
  }
  const add = (more: Partial<NewAccount>) => accounts.add(openAccount(newAccount(more), morning), trace)
  const account = await add({ passwordHash: 'hash of correct horse', ...wanted })
  const { id } = account
  const session = sessionOf(account, noon)
  await sessions.add(session, 100, trace)
  const uses = erasureUses({
    ...{ accounts, erasures, passwords, sessions, now, settleMs },
    proveSecondFactor: proveSecondFactor({ accounts, codes, now }),
  })
  const eraseMe = (proof: Partial<Proof> = {}) => {
    const whole = { password: 'correct horse', code: '', sessionId: session.id, ...proof }
    return uses.eraseUser(id, whole, callOf(id, account.role))
  }
  const eraseAs = (call: Call, of: UserId = id) =>
    uses.eraseUser(of, { password: '', code: '', sessionId: session.id }, call)
  const isErased = async () => (await accounts.find(id))?.erasedAt !== undefined
  return { ...uses, accounts, during, published, clock, id, add, eraseMe, eraseAs, isErased }
}

t.test('whoever knows the password erases the own account, and once', async (t) => {
  const { eraseMe, isErased } = await open()
  await t.rejects(eraseMe({ password: 'wrong' }), { kind: 'forbidden', code: 'user.wrong-password' })
  await t.rejects(eraseMe({ password: '' }), { code: 'user.wrong-password' })
  t.notOk(await isErased())
  await eraseMe()
  t.ok(await isErased())
  await t.rejects(eraseMe(), { code: 'user.not-found' })
})

t.test('a password that is replaced while it is compared does not erase', async (t) => {
  const { accounts, during, eraseMe, isErased, id } = await open()
  during.comparing = async () => {
    const replace = { passwordHash: 'hash of another' }
    await accounts.update(id, (seen) => ({ state: { ...seen, ...replace }, events: [] }), trace)
  }
  await t.rejects(eraseMe(), { code: 'user.wrong-password' })
  t.notOk(await isErased())
})

t.test('an account without a password is erased within ten minutes of the login', async (t) => {
  const { eraseMe, isErased, clock } = await open({ passwordHash: undefined, emailVerifiedAt: morning })
  clock.at = minutesAfterNoon(10)
  await t.rejects(eraseMe({ password: '' }), { kind: 'forbidden', code: 'user.login-too-old' })
  clock.at = minutesAfterNoon(9)
  const strange = { password: '', sessionId: sessionOf({ id: newId() as UserId }).id }
  await t.rejects(eraseMe(strange), { code: 'user.login-too-old' }, 'not by a session of somebody else')
  t.notOk(await isErased())
  await eraseMe({ password: 'whatever' })
  t.ok(await isErased())
})

t.test('a second factor is asked for as well, with a password and without one', async (t) => {
  for (const passwordHash of ['hash of correct horse', undefined]) {
    const { accounts, eraseMe, isErased, id } = await open({ passwordHash, emailVerifiedAt: morning })
    const secret = codes.newSecret()
    const factor = confirmSecondFactor(beginSecondFactor(codes.seal(secret, id)), [], morning)
    await accounts.update(id, (seen) => changeSecondFactor(seen, factor, morning), trace)
    const code = generateSync({ secret, epoch: noon.getTime() / 1_000 })
    await t.rejects(eraseMe(), { code: 'user.wrong-code' }, 'without a code')
    await t.rejects(eraseMe({ code: '000000' }), { code: 'user.wrong-code' })
    if (passwordHash !== undefined)
      await t.rejects(eraseMe({ password: 'wrong', code }), { code: 'user.wrong-password' })
    t.notOk(await isErased())
    await eraseMe({ code })
    t.ok(await isErased())
    t.equal((await accounts.find(id))?.secondFactor, undefined)
  }
})

t.test('admins erase others without their password, and nobody else does', async (t) => {
  const { eraseAs, isErased } = await open()
  for (const role of ['customer', 'staff'] as const)
    await t.rejects(eraseAs(callOf(newId(), role)), { code: 'auth.forbidden' })
  await t.rejects(eraseAs(admin, newId() as UserId), { code: 'user.not-found' })
  t.notOk(await isErased())
  const two = await Promise.allSettled([eraseAs(admin), eraseAs(callOf(newId(), 'admin'))])
  t.same(two.map(({ status }) => status).sort(), ['fulfilled', 'rejected'], 'of two admins at once one does')
  t.match(
    two.find(({ status }) => status === 'rejected'),
    { reason: { code: 'user.not-found' } },
  )
  t.ok(await isErased())
})

t.test('no admin erases the own account, and none the last one', async (t) => {
  const { add, eraseMe, eraseAs, isErased } = await open({ role: 'admin' })
  await t.rejects(eraseMe(), { kind: 'conflict', code: 'user.own-access' })
  await t.rejects(eraseAs(admin), { kind: 'conflict', code: 'user.last-admin' })
  const other = await add({ role: 'admin' })
  await eraseAs(callOf(other.id, 'admin'))
  t.ok(await isErased())
  await t.rejects(eraseAs(admin, other.id), { code: 'user.last-admin' })
})

t.test('a context is named nobody before all requests of theirs are over, and confirms once', async (t) => {
  const { listErasures, confirmErasures, published, eraseMe, clock, id } = await open()
  await eraseMe()
  clock.at = new Date(noon.getTime() + settleMs - 1)
  t.same(await listErasures('cart', system), [])
  clock.at = new Date(noon.getTime() + settleMs)
  t.same(await listErasures('cart', system), [id])
  await confirmErasures('cart', [id], system)
  await confirmErasures('cart', [id], system)
  t.same(await listErasures('cart', system), [])
  t.same(await listErasures('order', system), [id])
  const ofAccount = (await published()).filter((line) => line.startsWith('user.'))
  t.same(ofAccount.slice(1), [`user.erased ${id} 2`, `user.data_erased ${id} 3`])
})

t.test('only services are told of erasures, and only those that erase', async (t) => {
  const { listErasures, confirmErasures, id } = await open()
  await t.rejects(listErasures('cart', admin), { code: 'auth.forbidden' })
  await t.rejects(confirmErasures('cart', [id], admin), { code: 'auth.forbidden' })
  await t.rejects(listErasures('gateway', system), { code: 'user.context-unknown' })
})
