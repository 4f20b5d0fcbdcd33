import t from 'tap'
import { keepMoney } from '../application/keep-money.ts'
import { confirm } from '../domain/order.ts'
import { newOrderId, now, placed, trace } from '../testing/fixtures.ts'
import { inMemoryOrders } from '../testing/in-memory-orders.ts'
import { parseMoney } from './parse-money.ts'

const good = {
  ...{ orderId: newOrderId(), gateVersion: 4, status: 'captured', dueMinor: '648' },
  ...{ authorizedMinor: '0', capturedMinor: '648', refundedMinor: '0' },
}
const delivered = (data: Readonly<Record<string, unknown>>) => ({ type: 'unread', data, trace })

t.test('an event of the payments becomes amounts that the rest can trust', async (t) => {
  t.match(parseMoney(delivered(good)), {
    orderId: good.orderId,
    money: { gateVersion: 4, dueMinor: 648n, capturedMinor: 648n, attempt: 'none' },
  })
  for (const [status, attempt] of [
    ['action_required', 'open'],
    ['failed', 'failed'],
    [undefined, 'none'],
  ] as const)
    t.equal(parseMoney(delivered({ ...good, status })).money.attempt, attempt)
})

for (const [data, code] of [
  [{ orderId: 'x' }, 'message.invalid-order-id'],
  [{ gateVersion: 0 }, 'message.invalid-money'],
  [{ gateVersion: '4' }, 'message.invalid-money'],
  [{ gateVersion: 2 ** 31 }, 'message.invalid-money'],
  [{ capturedMinor: 648 }, 'message.invalid-money'],
  [{ capturedMinor: '-1' }, 'message.invalid-money'],
  [{ dueMinor: undefined }, 'message.invalid-money'],
] as const)
  t.test(`${JSON.stringify(data)} is refused as ${code}`, async (t) => {
    t.throws(() => parseMoney(delivered({ ...good, ...data })), { kind: 'invalid', code })
  })

t.test('what is told of the money makes an order paid, once, and of no order nothing', async (t) => {
  const orders = inMemoryOrders()
  const { order } = await orders.add(placed(), undefined, trace)
  await orders.update([{ id: order.id, trace, decide: (seen) => confirm(seen, now) }])
  const keep = keepMoney({ files: orders.files, now: () => now })
  const told = parseMoney(delivered({ ...good, orderId: order.id }))
  t.same(await keep([told, told]), [undefined, undefined])
  t.match(await orders.find(order.id), { status: 'paid', paymentStatus: 'paid', version: 3 })
  t.match(await keep([parseMoney(delivered(good))]), [{ code: 'message.unknown-order' }])
})
