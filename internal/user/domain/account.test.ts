import t from 'tap'
import { morning, newAccount, noon } from '../testing/accounts-contract.ts'
import { verifyEmail } from './account-mail.ts'
import { changeAccess, changeProfile, decideAccess, openAccount, type Account } from './account.ts'

const { state: account } = openAccount(newAccount(), morning)

t.test('opening an account is told of', (t) => {
  const change = openAccount(newAccount(), morning)
  t.match(change.state, { version: 1, createdAt: morning, updatedAt: morning })
  t.strictSame(change.events, [{ type: 'UserCreated', account: change.state }])
  t.end()
})

t.test('a profile changes in what is given, and only that it did is told', (t) => {
  const change = changeProfile(account, { phone: '1' }, noon)
  const told = { eventVersion: 2, lastEventAt: noon }
  t.strictSame(change.state, { ...account, ...told, phone: '1', version: 2, updatedAt: noon })
  t.strictSame(change.events, [{ type: 'UserUpdated', account: change.state, changed: ['profile'] }])
  t.strictSame(changeProfile(account, { name: account.name }, noon).events, [], 'the same is no change')
  t.end()
})

t.test('each change of access is told of by its kind, a password by an event of its own', (t) => {
  const told = (change: ReturnType<typeof decideAccess>) =>
    change?.events.map((event) => [event.account.eventVersion, event.type, { ...event, account: 0 }])
  const updated = (version: number, ...changed: readonly string[]) => [
    ...[version, 'UserUpdated', { type: 'UserUpdated', account: 0, changed }],
  ]
  const staff: Account = { ...account, role: 'staff' }
  t.strictSame(told(decideAccess(staff, { blocked: true }, noon)), [updated(2, 'blocked')])
  t.strictSame(told(decideAccess(staff, { role: 'staff', permissions: ['log:read'] }, noon)), [
    updated(2, 'permissions'),
  ])
  t.strictSame(told(verifyEmail(account, noon)), [updated(2, 'email_verified')])
  t.strictSame(told(verifyEmail({ ...account, emailVerifiedAt: morning }, noon)), [])
  const access = { passwordHash: 'other', role: 'admin' } as const
  t.strictSame(told(changeAccess(account, access, 'settings', noon)), [
    updated(2, 'role'),
    [3, 'PasswordChanged', { type: 'PasswordChanged', account: 0, by: 'settings' }],
  ])
  t.end()
})

t.test('access is a password and a role', (t) => {
  const { state } = changeAccess(account, { passwordHash: 'other', role: 'admin' }, 'owner', noon)
  t.match(state, { passwordHash: 'other', role: 'admin', version: 2, name: account.name })
  t.end()
})
