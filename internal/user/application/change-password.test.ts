import t from 'tap'
import { newId } from '../../platform/new-id.ts'
import type { Accounts } from './accounts.ts'
import { openAccount } from '../domain/account.ts'
import type { SessionId } from '../domain/session.ts'
import { morning, newAccount, noon, trace } from '../testing/accounts-contract.ts'
import { fakeAccounts } from '../testing/fake-accounts.ts'
import { fakePasswords } from '../testing/fake-passwords.ts'
import { changePassword } from './change-password.ts'

/** Somebody changes the password from "old horse" to "new horse"; meanwhile it becomes another hash. */
async function changeWhile(hashMeanwhile: string) {
  const { accounts } = fakeAccounts()
  const { id } = await accounts.add(
    openAccount(newAccount({ passwordHash: 'hash of old horse' }), morning),
    trace,
  )
  const passwords = fakePasswords()
  const alike = { ...passwords, matches: async (word: string, hash: string) => hash.endsWith(word) }
  let isFirst = true
  const update: Accounts['update'] = async (...args) => {
    if (isFirst) {
      isFirst = false
      const replace = (seen: ReturnType<typeof openAccount>['state']) => ({
        ...seen,
        passwordHash: hashMeanwhile,
      })
      await accounts.update(id, (seen) => ({ state: replace(seen), events: [] }), trace)
    }
    return accounts.update(...args)
  }
  const deps = { accounts: { ...accounts, update }, passwords: alike, isCommon: () => false, now: () => noon }
  const call = {
    actor: { kind: 'user', userId: id, role: 'customer' },
    correlationId: '',
    traceparent: '',
  } as const
  const sessionId = newId() as SessionId
  const changing = changePassword(deps)({ current: 'old horse', wanted: 'new horse', sessionId }, call)
  return { changing, hash: async () => (await accounts.find(id))?.passwordHash }
}

t.test('a password that is hashed anew meanwhile is changed all the same', async (t) => {
  const { changing, hash } = await changeWhile('hashed anew: old horse')
  await changing
  t.equal(await hash(), 'hash of new horse')
})

t.test('a password that somebody else has changed meanwhile is another one', async (t) => {
  const { changing, hash } = await changeWhile('hash of a third horse')
  await t.rejects(changing, { code: 'user.wrong-password' })
  t.equal(await hash(), 'hash of a third horse')
})
