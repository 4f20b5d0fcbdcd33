import t from 'tap'
import type { Call } from '../../platform/call.ts'
import { newId } from '../../platform/new-id.ts'
import { openAccount, type UserId } from '../domain/account.ts'
import type { AddressId } from '../domain/address-book.ts'
import { eraseAccount } from '../domain/erasure.ts'
import { morning, newAccount, noon, trace } from '../testing/accounts-contract.ts'
import { newAddress } from '../testing/address-books-contract.ts'
import { fakeAccounts } from '../testing/fake-accounts.ts'
import { fakeAddressBooks } from '../testing/fake-address-books.ts'
import { addressUses } from './address-books.ts'

async function opened() {
  const { accounts } = fakeAccounts()
  const app = addressUses({
    ...{
      addressBooks: fakeAddressBooks(accounts),
      newAddressId: () => newId() as AddressId,
      now: () => noon,
    },
  })
  const person = async (): Promise<Call> => {
    const { id } = await accounts.add(openAccount(newAccount(), morning), trace)
    const actor = { kind: 'user', userId: id, role: 'customer' } as const
    return { actor, correlationId: 'c', traceparent: '' }
  }
  return { app, accounts, person }
}

const wanted = { address: newAddress().address, isDefaultDelivery: true, isDefaultBilling: false }
const nothing = { address: undefined, isDefaultDelivery: undefined, isDefaultBilling: undefined }

t.test('people see, change and delete their own addresses and nobody else’s', async (t) => {
  const { app, person } = await opened()
  const [ada, bob] = [await person(), await person()]
  const { result } = await app.saveOwnAddress(wanted, ada)
  t.same(await app.listOwnAddresses(ada), [result])
  t.same(await app.listOwnAddresses(bob), [])
  const changes = { ...nothing, isDefaultBilling: true }
  await t.rejects(app.changeOwnAddress(result.id, changes, bob), { code: 'address.not-found' })
  await t.rejects(app.removeOwnAddress(result.id, bob), { code: 'address.not-found' })
  t.match(await app.changeOwnAddress(result.id, changes, ada), {
    ...{ isDefaultDelivery: true, isDefaultBilling: true },
  })
  await app.removeOwnAddress(result.id, ada)
  t.same(await app.listOwnAddresses(ada), [])
})

t.test('whoever is not logged in has no addresses', async (t) => {
  const { app } = await opened()
  const nobody = { actor: undefined, correlationId: 'c', traceparent: '' }
  await t.rejects(app.listOwnAddresses(nobody), { code: 'auth.required' })
})

t.test('a request that is repeated under its key saves one address, as it is now', async (t) => {
  const { app, person } = await opened()
  const ada = await person()
  const call = { ...ada, once: { key: 'k', fingerprint: 'f' } }
  const first = await app.saveOwnAddress(wanted, call)
  t.equal(first.isReplay, false)
  await app.changeOwnAddress(first.result.id, { ...nothing, isDefaultDelivery: false }, ada)
  const again = await app.saveOwnAddress(wanted, call)
  t.match(again, { isReplay: true, result: { id: first.result.id, isDefaultDelivery: false } })
  t.equal((await app.listOwnAddresses(ada)).length, 1)
  await app.removeOwnAddress(first.result.id, ada)
  await t.rejects(app.saveOwnAddress(wanted, call), { code: 'address.not-found' })
})

t.test('nothing is saved with the token of somebody who was erased meanwhile', async (t) => {
  const { app, accounts, person } = await opened()
  const ada = await person()
  const { result } = await app.saveOwnAddress(wanted, ada)
  const id = ada.actor?.kind === 'user' ? (ada.actor.userId as UserId) : undefined
  await accounts.update(id!, (account) => eraseAccount(account, 1, noon), trace)
  await t.rejects(app.saveOwnAddress(wanted, ada), { code: 'user.not-found' })
  await t.rejects(app.changeOwnAddress(result.id, nothing, ada), { code: 'user.not-found' })
  await t.rejects(app.removeOwnAddress(result.id, ada), { code: 'user.not-found' })
})
