import t from 'tap'
import { newId } from '../../platform/new-id.ts'
import type { Call, Role } from '../../platform/call.ts'
import type { Permission } from '../../platform/permissions.ts'
import type { UserId } from '../domain/account.ts'
import { changeSecondFactor, openAccount, type Account } from '../domain/account.ts'
import { beginSecondFactor, confirmSecondFactor } from '../domain/second-factor.ts'
import { morning, newAccount, noon, trace } from '../testing/accounts-contract.ts'
import { fakeAccounts } from '../testing/fake-accounts.ts'
import { fakePasswords } from '../testing/fake-passwords.ts'
import { sessionOf } from '../testing/sessions-contract.ts'
import { refreshPair } from './keep-sessions.ts'
import { logIn } from './log-in.ts'
import type { Sessions } from './sessions.ts'
import { changeAccessOf, listUsers } from './staff-users.ts'

const callOf = (userId: string, role: Role, permissions: readonly Permission[] = []): Call => ({
  actor: { kind: 'user', userId, role, permissions },
  ...{ correlationId: 'test', traceparent: '' },
})
const admin = callOf(newId(), 'admin')
const system: Call = { actor: { kind: 'system' }, correlationId: 'test', traceparent: '' }

const told = async (sessions: Sessions) =>
  (await sessions.endings({ since: undefined, withinSeconds: 60, afterId: undefined })).endings

async function open() {
  const { accounts, sessions } = fakeAccounts()
  const passwords = fakePasswords()
  const deps = {
    accounts,
    sessions,
    passwords,
    otherDecoys: async () => [],
    rehash: () => undefined,
    now: () => noon,
    sessionDays: 30,
  }
  const account = newAccount({ passwordHash: 'hash of correct horse' })
  const { id } = await accounts.add(openAccount(account, morning), trace)
  const session = sessionOf({ id })
  await sessions.add(session, 100, trace)
  return {
    ...{ accounts, sessions, id, session },
    change: changeAccessOf(deps),
    list: listUsers(deps),
    refresh: () => refreshPair(deps)(session.id, 1, system),
    enter: () => logIn(deps)({ login: account.username, password: 'correct horse' }),
  }
}

t.test('a changed role is told to the gateways, and the session goes on with it', async (t) => {
  const { change, sessions, refresh, id } = await open()
  t.match(await change(id, { role: 'admin' }, admin), { role: 'admin', accessVersion: 2, version: 2 })
  t.strictSame(await told(sessions), [{ userId: id, accessVersion: 2 }])
  t.match(await refresh(), { account: { role: 'admin', accessVersion: 2 } })
})

t.test('a blocked account has no sessions and gets none, until it is unblocked', async (t) => {
  const { change, sessions, session, refresh, enter, id } = await open()
  t.match(await change(id, { blocked: true }, admin), { blockedAt: noon, accessVersion: 2 })
  t.strictSame(await told(sessions), [{ userId: id, accessVersion: 2 }, { sessionId: session.id }])
  await t.rejects(refresh(), { code: 'auth.session-revoked' })
  await t.rejects(enter(), { kind: 'forbidden', code: 'auth.blocked' })
  await change(id, { blocked: false }, admin)
  t.match(await enter(), { id, blockedAt: undefined, accessVersion: 3 })
})

t.test('what changes nothing is told to nobody', async (t) => {
  const { change, sessions, id } = await open()
  t.match(await change(id, { role: 'customer', blocked: false }, admin), { version: 1, accessVersion: 1 })
  t.strictSame(await told(sessions), [])
})

t.test('only admins do it, and not to themselves or to nobody', async (t) => {
  const { change, list, id } = await open()
  const customer = callOf(newId(), 'customer')
  const everybody = { query: undefined, role: undefined, limit: 9, after: undefined }
  await t.rejects(change(id, { blocked: true }, customer), { code: 'auth.forbidden' })
  await t.rejects(list(everybody, customer), { code: 'auth.forbidden' })
  await t.rejects(change(id, { role: 'customer' }, callOf(id, 'admin')), { code: 'user.own-access' })
  await t.rejects(change(newId() as UserId, { blocked: true }, admin), { code: 'user.not-found' })
})

t.test('staff have what an admin gives them, and lose it with the role', async (t) => {
  const { change, sessions, id } = await open()
  const given = ['orders:read', 'stock:write'] as const
  await t.rejects(change(id, { permissions: given }, admin), { code: 'user.not-staff' })
  t.match(await change(id, { role: 'staff', permissions: given }, admin), {
    permissions: given,
    accessVersion: 2,
  })
  t.match(await change(id, { permissions: ['log:read'] }, admin), {
    role: 'staff',
    permissions: ['log:read'],
  })
  t.strictSame(await told(sessions), [
    { userId: id, accessVersion: 2 },
    { userId: id, accessVersion: 3 },
  ])
  t.match(await change(id, { permissions: ['log:read'] }, admin), { accessVersion: 3 }, 'the same again')
  t.strictSame((await change(id, { role: 'customer' }, admin)).permissions, [])
})

t.test('staff may block customers, and decide nothing else about anybody', async (t) => {
  const { change, accounts, id } = await open()
  const staff = callOf(newId(), 'staff', ['customers:write'])
  const key: Call = { ...staff, actor: { kind: 'key', keyId: newId(), permissions: ['customers:write'] } }
  for (const caller of [staff, key]) {
    t.match(await change(id, { blocked: true }, caller), { blockedAt: noon })
    t.match(await change(id, { blocked: false }, caller), { blockedAt: undefined })
    await t.rejects(change(id, { role: 'staff' }, caller), { code: 'auth.forbidden' })
    await t.rejects(change(id, { permissions: [] }, caller), { code: 'auth.forbidden' })
  }
  const boss = newAccount({ role: 'admin' })
  await accounts.add(openAccount(boss, morning), trace)
  await t.rejects(change(boss.id, { blocked: true }, staff), { code: 'auth.forbidden' })
  const reader = callOf(newId(), 'staff', ['customers:read'])
  await t.rejects(change(id, { blocked: true }, reader), {
    code: 'auth.permission-missing',
    details: { permission: 'customers:write' },
  })
})

t.test('an admin removes the second factor of who has lost it, and nobody else does', async (t) => {
  const { change, accounts, enter, id } = await open()
  const factor = confirmSecondFactor(beginSecondFactor('sealed'), ['a'], noon)
  const set = (account: Account) => changeSecondFactor(account, factor, noon)
  await accounts.update(id, set, trace)
  const staff = callOf(newId(), 'staff', ['customers:write'])
  await t.rejects(change(id, { removesSecondFactor: true }, staff), { code: 'auth.forbidden' })
  t.match(await change(id, { blocked: false }, admin), { secondFactor: factor }, 'nothing else removes it')
  t.match(await change(id, { removesSecondFactor: true }, admin), {
    secondFactor: undefined,
    accessVersion: 3,
  })
  await enter()
})
