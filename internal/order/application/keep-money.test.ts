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
  ...{ attempt: 'none', flags: [], ...changes },
})

async function shop() {
  const orders = inMemoryOrders()
  const issued: ToldOrder[] = []
  const refusals: (Refusal | undefined)[] = []
  const payments = fakePayments()
  const deps = { orders, files: orders.files, payments, now: () => now }
  const { order } = await orders.add(placed(), undefined, trace)
  await orders.update([{ id: order.id, trace, decide: (seen) => confirm(seen, now) }])
  const keep = keepMoney({
    ...deps,
    async issue(told) {
      issued.push(...told)
      return told.map((_, index) => refusals[index])
    },
  })
  const tell = (changes: Partial<Money> = {}) => {
    payments.money.set(order.id, money(changes))
    return { orderId: order.id, gateVersion: changes.gateVersion ?? 1, trace }
  }
  const change = changeOrderStatus({
    ...deps,
    newShipmentId: () => newId() as ShipmentId,
    pause: async () => {},
  })
  const become = (status: 'shipped' | 'paid') =>
    change({ id: order.id, status, reason: '', reference: 'bank-1' }, admin())
  return { issued, refusals, keep, tell, become, id: order.id, payments, find: () => orders.find(order.id) }
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
  const { keep, tell, become, refusals, payments } = await shop()
  await become('shipped')
  refusals.push(new Refusal('invalid', 'receipt.invalid', 'the amounts do not add up'))
  const [foreign, lost] = [newOrderId(), newOrderId()]
  payments.money.set(lost, money())
  const told = (orderId: OrderId) => ({ orderId, gateVersion: 1, trace })
  t.match(await keep([told(foreign), tell(), told(lost)]), [
    { code: 'message.unknown-money' },
    { code: 'receipt.invalid' },
    { code: 'message.unknown-order' },
  ])
})

t.test(
  'an event is believed nothing: the payments are asked, and one that is forged changes nothing',
  async (t) => {
    const { keep, tell, find, id } = await shop()
    const forged = { orderId: id, gateVersion: 7, trace }
    t.match(await keep([forged]), [{ code: 'message.unknown-money' }])
    tell({ capturedMinor: 0n, attempt: 'open' })
    t.strictSame(await keep([forged]), [undefined])
    t.match(await find(), { status: 'confirmed', paymentStatus: 'pending', gateVersion: 1 })
    t.strictSame(await keep([tell({ gateVersion: 2 })]), [undefined])
    t.match(await find(), { status: 'paid', paymentStatus: 'paid', gateVersion: 2 })
  },
)

t.test('money that is authorized after goods were packed is captured', async (t) => {
  const { keep, tell, become, payments, id } = await shop()
  const authorized = { capturedMinor: 0n, authorizedMinor: 648n }
  await keep([tell(authorized)])
  t.strictSame(payments.captured, [])
  await become('shipped')
  await keep([tell({ ...authorized, gateVersion: 2 })])
  t.strictSame(payments.captured, [id])
  await keep([tell({ gateVersion: 3 })])
  t.equal(payments.captured.length, 1, 'it is taken')
})

t.test('several events of one order are one question and one change', async (t) => {
  const { keep, tell, find, payments } = await shop()
  const asked: unknown[] = []
  const { readMoney } = payments
  payments.readMoney = (gates, trace) => {
    asked.push(...gates)
    return readMoney(gates, trace)
  }
  await keep([tell({ gateVersion: 3 }), { ...tell({ gateVersion: 3 }), gateVersion: 1 }])
  t.match(asked, [{ gateVersion: 3 }])
  t.equal(asked.length, 1)
  t.match(await find(), { gateVersion: 3, status: 'paid' })
})

t.test('orders do not wait for each other', async (t) => {
  const [first, second] = [newOrderId(), newOrderId()]
  const begun: string[] = []
  let both = (): void => {}
  const bothBegan = new Promise<void>((resolve) => (both = resolve))
  const { files } = inMemoryOrders()
  const payments = fakePayments()
  for (const id of [first, second]) payments.money.set(id, money())
  const keep = keepMoney({
    ...{ now: () => now, payments },
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
  await keep([first, second].map((orderId) => ({ orderId, gateVersion: 1, trace })))
  t.strictSame(begun, [first, second])
})
