import t from 'tap'
import { newId } from '../../platform/new-id.ts'
import type { Call, Role } from '../../platform/call.ts'
import type { UserId } from '../domain/account.ts'
import { openAccount } from '../domain/account.ts'
import { morning, newAccount, noon, trace } from '../testing/accounts-contract.ts'
import { fakeAccounts } from '../testing/fake-accounts.ts'
import { fakePasswords } from '../testing/fake-passwords.ts'
import { sessionOf } from '../testing/sessions-contract.ts'
import { refreshPair } from './keep-sessions.ts'
import { logIn } from './log-in.ts'
import type { Sessions } from './sessions.ts'
import { changeAccessOf, listUsers } from './staff-users.ts'

const callOf = (userId: string, role: Role): Call => ({
  actor: { kind: 'user', userId, role },
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
  await sessions.add(session, 100)
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
