import t from 'tap'
import { Refusal } from '../../platform/refusal.ts'
import type { Money } from '../domain/money.ts'
import { confirm, type OrderId } from '../domain/order.ts'
import { fakePayments } from '../testing/fake-payments.ts'
import { admin, newOrderId, now, placed, trace } from '../testing/fixtures.ts'
import { inMemoryOrders } from '../testing/in-memory-orders.ts'
import { changeOrderStatus } from './change-orders.ts'
import { keepMoney } from './keep-money.ts'
import type { ToldOrder } from './stock.ts'
import { newId } from '../../platform/new-id.ts'
import type { ShipmentId } from '../domain/parcel.ts'

const money = (changes: Partial<Money> = {}): Money => ({
  ...{ gateVersion: 1, dueMinor: 648n, authorizedMinor: 0n, capturedMinor: 648n, refundedMinor: 0n },
  ...{ attempt: 'none', ...changes },
})

async function shop() {
  const orders = inMemoryOrders()
  const issued: ToldOrder[] = []
  const refusals: (Refusal | undefined)[] = []
  const deps = { orders, files: orders.files, payments: fakePayments(), now: () => now }
  const { order } = await orders.add(placed(), undefined, trace)
  await orders.update([{ id: order.id, trace, decide: (seen) => confirm(seen, now) }])
  const keep = keepMoney({
    ...deps,
    async issue(told) {
      issued.push(...told)
      return told.map((_, index) => refusals[index])
    },
  })
  const tell = (changes: Partial<Money> = {}, orderId = order.id) => ({
    orderId,
    money: money(changes),
    trace,
  })
  const change = changeOrderStatus({
    ...deps,
    newShipmentId: () => newId() as ShipmentId,
    pause: async () => {},
  })
  const become = (status: 'shipped' | 'paid') =>
    change({ id: order.id, status, reason: '', reference: 'bank-1' }, admin())
  return { issued, refusals, keep, tell, become, id: order.id }
}

t.test('an order that becomes paid tells so itself, and its receipt follows from that', async (t) => {
  const { keep, tell, issued } = await shop()
  t.strictSame(await keep([tell()]), [undefined])
  t.strictSame(issued, [])
})

t.test('money for an order that was shipped before has its receipt issued at once', async (t) => {
  const { keep, tell, issued, become, id } = await shop()
  await become('shipped')
  await keep([tell({ capturedMinor: 600n })])
  t.strictSame(issued, [], 'not all of it has come')
  await keep([tell({ gateVersion: 2 })])
  t.match(issued, [{ orderId: id, trace }])
  await keep([tell({ gateVersion: 3, refundedMinor: 8n })])
  t.equal(issued.length, 1, 'a refund brings no receipt')
})

t.test('so has money that was only authorized when it made the order paid', async (t) => {
  const { keep, tell, issued } = await shop()
  await keep([tell({ capturedMinor: 0n, authorizedMinor: 648n })])
  t.strictSame(issued, [])
  await keep([tell({ gateVersion: 2 })])
  t.equal(issued.length, 1)
})

t.test(
  'so has what staff have recorded for a shipped order, though the order knows of it already',
  async (t) => {
    const { keep, tell, issued, become } = await shop()
    await become('shipped')
    t.match(await become('paid'), { status: 'shipped', moneyTaken: true, gateVersion: 1 })
    t.strictSame(issued, [])
    await keep([tell()])
    t.equal(issued.length, 1)
  },
)

t.test('a receipt that can never be issued is told of its own message only', async (t) => {
  const { keep, tell, become, refusals } = await shop()
  await become('shipped')
  refusals.push(new Refusal('invalid', 'receipt.invalid', 'the amounts do not add up'))
  const unknown = tell({}, newOrderId())
  t.match(await keep([unknown, tell(), unknown]), [
    { code: 'message.unknown-order' },
    { code: 'receipt.invalid' },
    { code: 'message.unknown-order' },
  ])
})

t.test('orders do not wait for each other, and what is told of one stays in its order', async (t) => {
  const [first, second] = [newOrderId(), newOrderId()]
  const begun: string[] = []
  let both = (): void => {}
  const bothBegan = new Promise<void>((resolve) => (both = resolve))
  const { files } = inMemoryOrders()
  const keep = keepMoney({
    now: () => now,
    files: {
      ...files,
      async update({ id }) {
        begun.push(id)
        if (new Set(begun).size === 2) both()
        await bothBegan
        return undefined
      },
    },
  })
  const tell = (orderId: OrderId, gateVersion: number) => ({ orderId, money: money({ gateVersion }), trace })
  await keep([tell(first, 1), tell(first, 2), tell(second, 1)])
  t.strictSame(begun, [first, second, first])
})
