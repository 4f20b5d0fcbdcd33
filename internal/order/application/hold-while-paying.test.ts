import t from 'tap'
import { buy } from '../domain/buy.ts'
import { confirm } from '../domain/order.ts'
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
    { id: 'ideal', isOffline: false },
    { id: 'invoice', isOffline: true },
  ]
  const keep = keepMoney({
    ...{ files: orders.files, now: () => now, till: { methods } },
    ...{ actionHoldSeconds: 3_600, offlineHoldSeconds },
  })
  let gateVersion = 0
  return async (waitsFor?: string) => {
    gateVersion += 1
    const nothing = { authorizedMinor: 0n, capturedMinor: 0n, refundedMinor: 0n }
    const money = { ...nothing, gateVersion, dueMinor: 648n, attempt: 'open', waitsFor } as const
    t.strictSame(await keep([{ orderId: id, money, trace }]), [undefined])
    return (await orders.find(id))?.holdUntil
  }
}

t.test("stock is held longer for a customer who is at a provider's page", async (t) => {
  const told = await shop()
  t.strictSame(await told(), after(900), 'nobody has to go anywhere')
  t.strictSame(await told('ideal'), after(3_600))
  t.strictSame(await told(), after(3_600), 'the hold does not become shorter again')
})

t.test('and as long as the shop says for one who pays at the bank', async (t) => {
  const told = await shop(86_400)
  t.strictSame(await told('invoice'), after(86_400))
  const forever = await shop()
  t.equal(await forever('invoice'), undefined)
})
