import t from 'tap'
import { buy } from '../domain/buy.ts'
import type { Money } from '../domain/money.ts'
import { confirm } from '../domain/order.ts'
import { fakePayments } from '../testing/fake-payments.ts'
import { now, trace } from '../testing/fixtures.ts'
import { inMemoryOrders } from '../testing/in-memory-orders.ts'
import { purchase } from '../testing/purchases.ts'
import { keepMoney } from './keep-money.ts'

const after = (seconds: number): Date => new Date(now.getTime() + seconds * 1_000)

/** A checkout whose stock is held for a quarter of an hour. */
async function shop(offlineHoldSeconds?: number) {
  const orders = inMemoryOrders()
  const bought = await orders.checkouts.add(
    buy({ ...purchase(), holdUntil: after(900) }, now),
    trace,
    undefined,
  )
  const { id } = bought!.order
  await orders.update([{ id, trace, decide: (seen) => confirm(seen, now) }])
  const methods = async () => [
    { id: 'ideal', isOffline: false, processesForSeconds: 86_400 },
    { id: 'card', isOffline: false, processesForSeconds: 0 },
    { id: 'invoice', isOffline: true, processesForSeconds: 0 },
  ]
  const payments = fakePayments()
  const keep = keepMoney({
    ...{ files: orders.files, payments, now: () => now, till: { methods } },
    ...{ actionHoldSeconds: 3_600, offlineHoldSeconds },
  })
  let gateVersion = 0
  return async (attempt: Money['attempt'], method?: string) => {
    gateVersion += 1
    const nothing = { authorizedMinor: 0n, capturedMinor: 0n, refundedMinor: 0n, flags: [] }
    payments.money.set(id, { ...nothing, gateVersion, dueMinor: 648n, attempt, method })
    t.strictSame(await keep([{ orderId: id, gateVersion, trace }]), [undefined])
    return (await orders.find(id))?.holdUntil
  }
}

t.test("stock is held longer for a customer who is at a provider's page", async (t) => {
  const told = await shop()
  t.strictSame(await told('open'), after(900), 'nobody has to go anywhere')
  t.strictSame(await told('waiting', 'ideal'), after(3_600))
  t.strictSame(await told('open'), after(3_600), 'the hold does not become shorter again')
})

t.test('and as long as a bank may take that has the money in hand', async (t) => {
  const told = await shop()
  t.strictSame(await told('processing', 'ideal'), after(86_400))
  const other = await shop()
  t.strictSame(await other('processing', 'card'), after(3_600), 'it is never less than at a page')
})

t.test('and as long as the shop says for one who pays at the bank', async (t) => {
  const told = await shop(86_400)
  t.strictSame(await told('waiting', 'invoice'), after(86_400))
  const forever = await shop()
  t.equal(await forever('waiting', 'invoice'), undefined)
})
