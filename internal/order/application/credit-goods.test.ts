import t from 'tap'
import { Refusal } from '../../platform/refusal.ts'
import type { ReturnState } from '../domain/goods-back.ts'
import { cancel, confirm } from '../domain/order.ts'
import { moveReturn, requestReturn } from '../domain/return.ts'
import { moveShipment, pack } from '../domain/shipment.ts'
import type { OrderFile } from '../domain/order-file.ts'
import { fakePayments } from '../testing/fake-payments.ts'
import { newOrderId, newReturnId, now, parcel, placed, trace, units } from '../testing/fixtures.ts'
import { inMemoryOrders } from '../testing/in-memory-orders.ts'
import { creditGoods } from './credit-goods.ts'
import type { OrderFiles } from './order-files.ts'

/** An order with a line of one unit and another of two. */
async function shop(changes: Partial<OrderFiles> = {}) {
  const [orders, payments] = [inMemoryOrders(), fakePayments()]
  const files = { ...orders.files, ...changes }
  const { order } = await orders.add(placed(), undefined, trace)
  await orders.update([{ id: order.id, trace, decide: (seen) => confirm(seen, now) }])
  const change = (decide: Parameters<OrderFiles['update']>[0]['decide']) =>
    orders.files.update({ id: order.id, trace, decide })
  const file = async (): Promise<OrderFile> => (await orders.files.find(order.id))!
  const credit = creditGoods({ files, payments })
  return {
    ...{ orders, payments, order, change, file },
    credit: (orderId = order.id) => credit([{ orderId, trace }]),
    /** So many units of each line leave; what is short is so for ever. */
    send: async (isShort: boolean, ...quantities: number[]) => {
      const lines = units(await file(), ...quantities).map((each) => ({ ...each, isShort }))
      const wanted = parcel(lines)
      await change((before) => pack(before, wanted, now))
      return wanted.id
    },
    sendBack: async (quantity: number) => {
      const [id, line] = [newReturnId(), order.lines[1]!]
      const wanted = [{ lineId: line.id, quantity, reason: '' }]
      const goods = [{ lineId: line.id, quantity, condition: 'damaged' as const }]
      await change((before) => requestReturn(before, id, wanted, now))
      for (const to of ['approved', 'received', 'refunded'] as ReturnState[])
        await change((before) => moveReturn(before, id, to, goods, now))
      return id
    },
  }
}

t.test('units that were not found are told once, with the worth of the whole line', async (t) => {
  const { send, credit, payments, order, file } = await shop()
  await send(false, 1)
  t.same(await credit(), [undefined])
  t.equal(payments.credited.length, 0, 'nothing was short')
  await send(true, 0, 1)
  t.match(await file(), { shipments: [{ awaitingMoney: false }, { awaitingMoney: true }] })
  t.same(await credit(), [undefined])
  t.match(payments.credited, [
    {
      lines: [
        { short: 0 },
        { lineId: order.lines[1]!.id, quantity: 2, totalMinor: 398n, short: 1, returned: 0 },
      ],
      keepMinor: undefined,
    },
  ])
  t.match(await file(), { shipments: [{}, { awaitingMoney: false }] })
  await credit()
  t.equal(payments.credited.length, 1)
  t.match(await credit(newOrderId()), [{ code: 'message.unknown-order' }])
})

t.test('a return that is refunded is told with all that came back before it', async (t) => {
  const { send, sendBack, change, credit, payments, file } = await shop()
  const parcelId = await send(false, 1, 2)
  await change((before) => moveShipment(before, parcelId, 'shipped', now))
  await sendBack(1)
  t.match(await file(), { returns: [{ status: 'refunded', money: 'due' }] })
  await credit()
  await sendBack(1)
  await credit()
  t.match(payments.credited, [
    { lines: [{}, { short: 0, returned: 1 }], reason: 'goods came back' },
    { lines: [{}, { short: 0, returned: 2 }] },
  ])
  t.match(await file(), { returns: [{ money: 'ordered' }, { money: 'ordered' }] })
})

t.test('a process that dies after the payments were told tells them the same again', async (t) => {
  let dies = true
  const died = new Refusal('unavailable', 'service.unavailable', 'the process died')
  const { send, credit, payments, orders } = await shop({
    markCredited: (seen) => (dies ? Promise.reject(died) : orders.files.markCredited(seen)),
  })
  await send(true, 0, 1)
  await t.rejects(credit(), { code: 'service.unavailable' })
  dies = false
  await credit()
  t.same(payments.credited[0], payments.credited[1])
  await credit()
  t.equal(payments.credited.length, 2)
})

t.test('a process that dies before the payments were told leaves it to the sweeper', async (t) => {
  const { send, file, payments, order, orders } = await shop()
  await send(true, 0, 1)
  const away = new Refusal('unavailable', 'service.unavailable', 'the payments are away')
  const dying = creditGoods({
    files: orders.files,
    payments: { ...payments, creditGoods: () => Promise.reject(away) },
  })
  await t.rejects(dying([{ orderId: order.id, trace }]), { code: 'service.unavailable' })
  t.match(await file(), { shipments: [{ awaitingMoney: true }] })
  t.same(await orders.files.uncreditedSince(new Date(now.getTime() + 1), 9), [order.id])
})

t.test('what changes between the telling and the mark is told again', async (t) => {
  const { send, change, credit, payments, orders } = await shop({
    async markCredited(seen) {
      await change((before) => moveShipment(before, parcelId, 'shipped', now))
      await orders.files.markCredited(seen)
    },
  })
  const parcelId = await send(true, 0, 1)
  await credit()
  await credit()
  t.equal(payments.credited.length, 2)
})

t.test('a parcel that is unpacked after the end of its order is not owed any more', async (t) => {
  const { send, change, credit, payments, orders, order } = await shop()
  const parcelId = await send(false, 0, 1)
  await orders.update([{ id: order.id, trace, decide: (seen) => cancel(seen, '', now) }])
  await change((before) => moveShipment(before, parcelId, 'canceled', now))
  await credit()
  t.match(payments.credited, [{ keepMinor: 0n }])
})
