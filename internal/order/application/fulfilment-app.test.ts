import t from 'tap'
import type { Call } from '../../platform/call.ts'
import { confirm, type Order } from '../domain/order.ts'
import type { ReturnState } from '../domain/goods-back.ts'
import { fakeStock } from '../testing/fake-stock.ts'
import {
  admin,
  customer,
  newOrderId,
  newReturnId,
  newShipmentId,
  newUserId,
  now,
  placed,
  trace,
} from '../testing/fixtures.ts'
import { noPayments } from '../testing/no-payments.ts'
import { inMemoryOrders } from '../testing/in-memory-orders.ts'
import { bookReturnedGoods } from './book-returned-goods.ts'
import { cancelOrder, changeOrderStatus } from './change-orders.ts'
import { releaseCanceledOrders, releaseUnneeded } from './release-canceled-orders.ts'
import { changeReturn, listReturns, requestReturn } from './return-goods.ts'
import { changeShipment, createShipment, trackOrder } from './ship-orders.ts'

const unsaid = { carrier: '', trackingNumber: '', trackingUrl: '' }
const once = (key: string, fingerprint = ''): Pick<Call, 'once'> => ({ once: { key, fingerprint } })

type Sending = { readonly isShort?: boolean; readonly isShipped?: boolean; readonly line?: 0 | 1 }

async function shop() {
  const [orders, stock, userId] = [inMemoryOrders(), fakeStock(), newUserId()]
  const files = orders.files
  let at = now
  const deps = { orders, stock, files, now: () => at, newShipmentId, newReturnId, withdrawalDays: 14 }
  const { order } = await orders.add(placed({ userId }), undefined, trace)
  await orders.update([{ id: order.id, trace, decide: (seen) => confirm(seen, now) }])
  const create = createShipment(deps)
  return {
    ...{ orders, stock, order, create, mine: customer(userId) },
    later: (days: number) => void (at = new Date(now.getTime() + days * 86_400_000)),
    /** So many units of the line of two, unless another is meant. */
    send: (quantity: number, more: Sending = {}) => {
      const { isShort = false, isShipped = true, line = 1 } = more
      const lines = [{ lineId: order.lines[line]!.id, quantity, isShort }]
      return create({ orderId: order.id, lines, isShipped, ...unsaid }, admin())
    },
    changeShipment: changeShipment(deps),
    track: trackOrder(deps),
    status: changeOrderStatus({ ...deps, payments: noPayments }),
    cancel: cancelOrder({ ...deps, files: orders.files, payments: noPayments }),
    request: requestReturn(deps),
    changeReturn: changeReturn(deps),
    returns: listReturns(deps),
    release: releaseCanceledOrders(deps),
    shrink: releaseUnneeded(deps),
    book: bookReturnedGoods(deps),
    now: async (): Promise<Order> => (await orders.find(order.id))!,
  }
}

t.test('only admins send parcels, and a repeated request sends one', async (t) => {
  const { create, order, mine, orders } = await shop()
  const lines = [{ lineId: order.lines[1]!.id, quantity: 1, isShort: false }]
  const input = { orderId: order.id, lines, isShipped: true, ...unsaid }
  await t.rejects(create(input, mine), { code: 'auth.forbidden' })
  const first = await create(input, { ...admin(), ...once('k') })
  t.match(first, { isReplay: false, result: { status: 'shipped', version: 2 } })
  t.match(await create(input, { ...admin(), ...once('k') }), {
    isReplay: true,
    result: { id: first.result.id },
  })
  await t.rejects(create(input, { ...admin(), ...once('k', 'b') }), {
    code: 'request.idempotency-key-reused',
  })
  t.equal(orders.files.shipments.size, 1)
  await t.rejects(create({ ...input, orderId: newOrderId() }, admin()), { code: 'order.not-found' })
})

t.test('what makes no parcel is refused', async (t) => {
  const { create, order } = await shop()
  const [line] = order.lines.map(({ id }) => ({ lineId: id, quantity: 1, isShort: false }))
  const input = { orderId: order.id, lines: [line!], isShipped: true, ...unsaid }
  const wrong = [
    [{ lines: [] }, 'order.no-lines'],
    [{ lines: [{ ...line!, quantity: 0 }] }, 'order.invalid-quantity'],
    [{ lines: [{ ...line!, quantity: 0, isShort: true }] }, 'shipment.empty'],
    [{ carrier: 'x'.repeat(101) }, 'shipment.invalid'],
    [{ trackingNumber: 'a\nb' }, 'shipment.invalid'],
    [{ trackingUrl: 'javascript:alert(1)' }, 'shipment.invalid'],
  ] as const
  for (const [change, code] of wrong) await t.rejects(create({ ...input, ...change }, admin()), { code })
})

t.test('a parcel moves on, and its customer can follow it', async (t) => {
  const { send, changeShipment, track, order, mine, now } = await shop()
  const { result: parcel } = await send(1, { isShipped: false })
  t.match(await now(), { fulfilmentStatus: 'none' })
  for (const status of ['shipped', 'lost', 'delivered'] as const)
    t.match(await changeShipment({ id: parcel.id, status }, admin()), { status })
  await t.rejects(changeShipment({ id: parcel.id, status: 'lost' }, admin()), { code: 'shipment.delivered' })
  await t.rejects(changeShipment({ id: parcel.id, status: 'lost' }, mine), { code: 'auth.forbidden' })
  await t.rejects(changeShipment({ id: newShipmentId(), status: 'lost' }, admin()), {
    code: 'shipment.not-found',
  })
  const tracked = await track(order.id, mine)
  t.same(
    tracked.timeline.map(({ what }) => what),
    [
      ...['order.created', 'order.confirmed'],
      ...['shipment.packed', 'shipment.shipped', 'shipment.lost', 'shipment.delivered'],
    ],
  )
  t.match(tracked, { order: { fulfilmentStatus: 'partial' }, shipments: [{ status: 'delivered' }] })
  await t.rejects(track(order.id, customer()), { code: 'order.not-found' })
  await t.rejects(track(newOrderId(), mine), { code: 'order.not-found' })
})

t.test('shipping an order by its status sends all that is left, once', async (t) => {
  const { send, status, order, orders } = await shop()
  await send(1)
  const shipped = await status({ id: order.id, status: 'shipped', reason: 'sent' }, admin())
  t.match(shipped, { status: 'shipped', fulfilmentStatus: 'shipped', history: { 2: { reason: 'sent' } } })
  await status({ id: order.id, status: 'shipped', reason: '' }, admin())
  t.equal(orders.files.shipments.size, 2)
  await t.rejects(status({ id: newOrderId(), status: 'shipped', reason: '' }, admin()), {
    code: 'order.not-found',
  })
})

t.test('what was packed stays taken when its order is canceled', async (t) => {
  const { send, cancel, release, shrink, changeShipment, order, mine, stock, now } = await shop()
  const { result: parcel } = await send(1, { isShipped: false })
  await cancel({ id: order.id, reason: '' }, mine)
  const kept = [{ productId: order.lines[1]!.productId, quantity: 1 }]
  t.same(await release([{ orderId: order.id, trace }]), [undefined])
  t.match(stock.released.get(order.id), { kept, short: [], goesOn: false })
  t.equal((await now()).awaitingRelease, false)
  await changeShipment({ id: parcel.id, status: 'canceled' }, admin())
  t.same(await shrink([{ orderId: order.id, trace }]), [undefined])
  t.match(stock.released.get(order.id), { kept: [], goesOn: false }, 'the parcel was unpacked')
  t.match(await shrink([{ orderId: newOrderId(), trace }]), [{ code: 'message.unknown-order' }])
})

t.test('of an order that goes on, only what was not on the shelf is given up', async (t) => {
  const { send, shrink, release, order, stock } = await shop()
  t.same(await shrink([{ orderId: order.id, trace }]), [undefined])
  t.equal(stock.released.size, 0, 'nothing is to be given up yet')
  await send(1, { isShort: true })
  await shrink([{ orderId: order.id, trace }])
  const [one, two] = order.lines.map(({ productId }) => ({ productId, quantity: 1 }))
  t.match(stock.released.get(order.id), { kept: [one, two], short: [two], goesOn: true })
  t.match(await release([{ orderId: order.id, trace }]), [{ code: 'message.not-canceled' }])
})

t.test('goods that came back are booked in their condition, and only when they are here', async (t) => {
  const { send, request, changeReturn, returns, book, order, mine, stock, now } = await shop()
  await send(2)
  const lineId = order.lines[1]!.id
  const wanted = {
    orderId: order.id,
    lines: [{ lineId, quantity: 2, reason: 'broken' }],
    isWithdrawal: false,
  }
  await t.rejects(request(wanted, customer()), { code: 'order.not-found' })
  const { result } = await request(wanted, { ...mine, ...once('r') })
  t.match(await request(wanted, { ...mine, ...once('r') }), { isReplay: true, result: { id: result.id } })
  const { id } = result
  const told = [{ returnId: id, trace }]
  t.match(await book(told), [{ code: 'message.not-received' }])
  const move = (status: ReturnState, call = admin()) =>
    changeReturn({ id, status, lines: [{ lineId, quantity: 1, condition: 'damaged' }] }, call)
  await t.rejects(move('approved', mine), { code: 'auth.forbidden' })
  await move('approved')
  await move('received')
  t.same(await book(told), [undefined])
  const goods = [{ productId: order.lines[1]!.productId, resellable: 0, damaged: 1 }]
  t.match(stock.booked.get(`${order.id} 1`), { returnNo: 1, lines: goods })
  t.match(await returns(order.id, mine), [{ status: 'received', awaitingStock: false }])
  await move('refunded')
  t.equal((await now()).returnStatus, 'partial')
  await t.rejects(returns(order.id, customer()), { code: 'order.not-found' })
  await t.rejects(changeReturn({ id: newReturnId(), status: 'approved', lines: [] }, admin()), {
    code: 'return.not-found',
  })
  t.match(await book([{ returnId: newReturnId(), trace }]), [{ code: 'message.unknown-return' }])
})

t.test('a withdrawal in time is neither declined nor refused', async (t) => {
  const { send, request, changeReturn, order, mine } = await shop()
  await send(2)
  const lines = [{ lineId: order.lines[1]!.id, quantity: 1, reason: '' }]
  const { result } = await request({ orderId: order.id, lines, isWithdrawal: true }, mine)
  t.match(result, { isWithdrawal: true })
  const goods = [{ lineId: lines[0]!.lineId, quantity: 1, condition: 'damaged' as const }]
  const move = (status: ReturnState) => changeReturn({ id: result.id, status, lines: goods }, admin())
  await t.rejects(move('declined'), { kind: 'conflict', code: 'return.withdrawal' })
  await move('approved')
  await move('received')
  await t.rejects(move('refused'), { kind: 'conflict', code: 'return.withdrawal' })
  t.match(await move('refunded'), { status: 'refunded', money: 'due' })
  const other = await request({ orderId: order.id, lines, isWithdrawal: false }, mine)
  t.match(
    await changeReturn({ id: other.result.id, status: 'declined', lines: [] }, admin()),
    { status: 'declined' },
    'another return may be',
  )
})

t.test('who withdraws too late is told so, and may ask for a return', async (t) => {
  const { send, request, changeShipment, order, mine, later } = await shop()
  const { result: parcel } = await send(2)
  const { result: rest } = await send(1, { line: 0 })
  for (const { id } of [parcel, rest]) await changeShipment({ id, status: 'delivered' }, admin())
  later(15)
  const lines = [{ lineId: order.lines[1]!.id, quantity: 1, reason: '' }]
  const wanted = { orderId: order.id, lines }
  await t.rejects(request({ ...wanted, isWithdrawal: true }, mine), { code: 'return.withdrawal-too-late' })
  t.match(await request({ ...wanted, isWithdrawal: false }, mine), { result: { isWithdrawal: false } })
})
