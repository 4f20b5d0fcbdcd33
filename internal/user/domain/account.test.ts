import t from 'tap'
import { morning, newAccount, noon } from '../testing/accounts-contract.ts'
import { changeAccess, changeProfile, openAccount } from './account.ts'

const { state: account } = openAccount(newAccount(), morning)

t.test('opening an account is told of', (t) => {
  const change = openAccount(newAccount(), morning)
  t.match(change.state, { version: 1, createdAt: morning, updatedAt: morning })
  t.strictSame(change.events, [{ type: 'UserCreated', account: change.state }])
  t.end()
})

t.test('a profile changes in what is given, and nobody is told', (t) => {
  const change = changeProfile(account, { phone: '1' }, noon)
  t.strictSame(change.state, { ...account, phone: '1', version: 2, updatedAt: noon })
  t.strictSame(change.events, [])
  t.end()
})

t.test('access is a password and a role', (t) => {
  const { state } = changeAccess(account, { passwordHash: 'other', role: 'admin' }, noon)
  t.match(state, { passwordHash: 'other', role: 'admin', version: 2, name: account.name })
  t.end()
})
