import t from 'tap'
import { newId } from '../../platform/new-id.ts'
import { openAccount, type UserId } from '../domain/account.ts'
import { defaultAdmin, defaultCustomer, knownAccounts } from '../domain/known-accounts.ts'
import { parseEmail, parseUsername } from '../domain/login.ts'
import type { Password } from '../domain/password.ts'
import { morning, trace } from '../testing/accounts-contract.ts'
import { fakeAccounts } from '../testing/fake-accounts.ts'
import { fakePasswords } from '../testing/fake-passwords.ts'
import { lockKnownAccounts } from './lock-known-accounts.ts'

function openApp() {
  const { accounts } = fakeAccounts()
  const passwords = fakePasswords()
  let made = 0
  const newPassword = (): Password => `nobody knows ${++made}` as Password
  const lock = lockKnownAccounts({ accounts, passwords, newPassword, now: () => morning })
  const add = async (email: string, password: string, role: 'admin' | 'customer'): Promise<UserId> => {
    const id = newId() as UserId
    const username = parseUsername(email.slice(0, email.indexOf('@')))
    const passwordHash = `hash of ${password}`
    const profile = { name: '', phone: '', address: '' }
    const account = { ...profile, id, username, email: parseEmail(email), role, passwordHash }
    await accounts.add(openAccount(account, morning), trace)
    return id
  }
  return { accounts, add, lock: () => lock(trace) }
}

t.test('the default accounts lose the passwords that everybody knows, and the admin its role', async (t) => {
  const { accounts, add, lock } = openApp()
  const admin = await add(defaultAdmin.email, defaultAdmin.password, 'admin')
  const customer = await add(defaultCustomer.email, defaultCustomer.password, 'customer')
  t.same(await lock(), [defaultAdmin.email, defaultCustomer.email])
  for (const id of [admin, customer]) {
    const account = await accounts.find(id)
    t.match(account, { role: 'customer', version: 2 })
    t.notOk(knownAccounts.some(({ password }) => account?.passwordHash === `hash of ${password}`))
  }
  t.same(await lock(), [], 'once')
  t.match(await accounts.find(admin), { version: 2 })
})

t.test('an account with a password of its own stays as it is', async (t) => {
  const { accounts, add, lock } = openApp()
  const admin = await add(defaultAdmin.email, 'my own password', 'admin')
  const other = await add('anna@shop.example', defaultCustomer.password, 'admin')
  t.same(await lock(), [])
  t.match(await accounts.find(admin), { role: 'admin', version: 1 })
  t.match(await accounts.find(other), { role: 'admin', version: 1 })
})
