import type { Test } from 'tap'
import { newId } from '../../platform/new-id.ts'
import type { Accounts } from '../application/accounts.ts'
import type { Inbox } from '../application/inbox.ts'
import type { Work } from '../application/work.ts'
import type { Account } from '../domain/account.ts'
import { beginPayment } from '../domain/begin.ts'
import type { OrderId, UserId } from '../domain/ids.ts'
import { observe, observeOffline } from '../domain/observe.ts'
import type { PaymentSnapshot } from '../domain/payment-snapshot.ts'
import { beginning, captured, later, newOrderId, newUserId, now, trace } from './fixtures.ts'

export type PaymentStores = { readonly accounts: Accounts; readonly work: Work; readonly inbox: Inbox }

/** What every store of orders' money does, whatever keeps it. Each test gets a store of its own. */
export function accountsContract(t: Test, open: (t: Test) => Promise<PaymentStores>): void {
  t.test('keeps what was decided, under the order, the payment and the provider’s id', async (t) => {
    const stores = await open(t)
    const { accounts } = stores
    const orderId = newOrderId()
    const { result: payment } = await begin(stores, orderId)
    t.match(await accounts.find(orderId), { gate: { orderId, version: 1 }, payments: [{ id: payment.id }] })
    t.equal(await accounts.find(newOrderId()), undefined)
    t.equal(await accounts.orderOf(payment.id), orderId)
    t.equal(await accounts.findRef('fake', 'pi_1'), undefined)
    await said(stores, orderId, () => captured())
    t.strictSame(await accounts.findRef('fake', 'pi_1'), { orderId, paymentId: payment.id })
    t.match(await accounts.find(orderId), { gate: { version: 2 }, payments: [{ ref: 'pi_1' }] })
  })

  t.test(
    'stores nothing when the decision is refused, and nothing new when it changes nothing',
    async (t) => {
      const stores = await open(t)
      const orderId = newOrderId()
      await begin(stores, orderId)
      const before = await stores.accounts.find(orderId)
      const refuse = () => {
        throw new Error('no')
      }
      await t.rejects(stores.accounts.update(orderId, refuse, { trace, at: now }), /no/)
      const keep = (account: Account | undefined) => ({ account: account!, result: undefined })
      await stores.accounts.update(orderId, keep, { trace, at: now })
      t.strictSame(await stores.accounts.find(orderId), before)
    },
  )

  t.test('knows what a request has made, and refuses another request under its key', async (t) => {
    const { accounts, ...rest } = await open(t)
    const key = { key: newId(), fingerprint: 'a' }
    const orderId = newOrderId()
    const { account } = await begin({ accounts, ...rest }, orderId)
    const keep = (before: Account | undefined) => ({ account: before!, result: undefined })
    await accounts.update(orderId, keep, {
      trace,
      at: now,
      once: { key, thing: () => account.payments[0]!.id },
    })
    t.equal(await accounts.findByRequest(key), account.payments[0]!.id)
    await t.rejects(accounts.findByRequest({ ...key, fingerprint: 'b' }))
    await t.rejects(accounts.update(orderId, keep, { trace, at: now, once: { key, thing: () => 'x' } }))
  })

  t.test('takes a bank reference for one order only', async (t) => {
    const stores = await open(t)
    const record = (orderId: OrderId) =>
      stores.accounts.update(
        orderId,
        () => {
          const wish = beginning({ orderId, provider: 'offline', method: 'invoice', token: '' })
          const { account, payment } = beginPayment(undefined, wish, now, newId)
          const current = account.payments.find(({ id }) => id === payment.id)!
          return {
            account: observeOffline(account, current, { reference: 'bank-1', amountMinor: 5n }, now),
            result: 0,
          }
        },
        { trace, at: now },
      )
    await record(newOrderId())
    await t.rejects(record(newOrderId()), { kind: 'conflict', code: 'payment.reference-used' })
  })

  t.test('counts the attempts of a user and of an address', async (t) => {
    const stores = await open(t)
    const [userId, client] = [newUserId(), newId()]
    await begin(stores, newOrderId(), { userId, client })
    await begin(stores, newOrderId(), { userId })
    const since = later(-1_000)
    t.strictSame(await stores.accounts.attemptsSince({ userId, client }, since), { ofUser: 2, ofClient: 1 })
    t.strictSame(await stores.accounts.attemptsSince({ userId: undefined, client: '' }, since), {
      ...{ ofUser: 0, ofClient: 0 },
    })
    t.strictSame(await stores.accounts.attemptsSince({ userId, client }, later(1)), {
      ofUser: 0,
      ofClient: 0,
    })
  })
}

/** Begins an attempt to pay by card. */
export const begin = (
  { accounts }: PaymentStores,
  orderId: OrderId,
  more: { readonly userId?: UserId; readonly client?: string } = {},
) =>
  accounts.update(
    orderId,
    (before) => {
      const { account, payment } = beginPayment(before, beginning({ orderId, ...more }), now, newId)
      return { account, result: payment }
    },
    { trace, at: now },
  )
/** Records what a provider says of the order's first payment, which nobody has to ask for any more. */
export const said = (
  { accounts }: PaymentStores,
  orderId: OrderId,
  snapshotOf: (account: Account) => PaymentSnapshot,
) =>
  accounts.update(
    orderId,
    (before) => {
      const [payment] = before!.payments
      const operations = before!.operations.map((each) => ({ ...each, status: 'done' as const }))
      const done = { ...before!, operations }
      return { account: observe(done, payment!.id, snapshotOf(done), now, newId), result: undefined }
    },
    { trace, at: now },
  )
