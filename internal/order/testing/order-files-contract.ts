import { type Test } from 'tap'
import { Refusal } from '../../platform/refusal.ts'
import type { OrderFiles } from '../application/order-files.ts'
import type { Orders } from '../application/orders.ts'
import { withChange, type FileChange, type OrderFile } from '../domain/order-file.ts'
import { beginClosing, endClosing } from '../domain/closing.ts'
import { applyMoney } from '../domain/money.ts'
import { cancel, changeOf, confirm, expire, type OrderId } from '../domain/order.ts'
import { beginRevival, completeRevival, endRevival, giveUpRevival } from '../domain/reviving.ts'
import { beginResend, completeResend } from '../domain/resend.ts'
import { moveReturn, requestReturn } from '../domain/return.ts'
import { moveShipment, pack } from '../domain/shipment.ts'
import { newOrderId, newReturnId, newShipmentId, now, parcel, placed, trace, units } from './fixtures.ts'

export type OpenFiles = {
  readonly orders: Orders
  readonly files: OrderFiles
  /** "<subject> <version>" of all events, in the order of the outbox. */
  readonly told: () => Promise<readonly string[]>
}

/** The behaviour of every store of orders with their shipments and returns. */
export function orderFilesContract(t: Test, open: (t: Test) => Promise<OpenFiles>): void {
  t.test('gives back what was stored, to the letter', async (t) => {
    const shop = await open(t)
    const { id, change } = await confirmed(shop)
    const wanted = parcel(await left(shop, id, 1, 1))
    await change((file) => pack(file, wanted, now))
    await change((file) => moveShipment(file, wanted.id, 'shipped', now))
    const returnId = newReturnId()
    const lines = wanted.lines.map(({ lineId }) => ({ lineId, quantity: 1, reason: 'ill "made"' }))
    await change((file) => requestReturn(file, returnId, lines, now, true))
    await change((file) => moveReturn(file, returnId, 'approved', [], now))
    const [damaged] = lines.map((line) => ({ ...line, condition: 'damaged' as const }))
    const last = await change((file) => moveReturn(file, returnId, 'received', [damaged!], now))
    t.match(last?.order, {
      ...{ status: 'confirmed', fulfilmentStatus: 'partial', returnStatus: 'open', revision: 6 },
      lines: [
        { packed: 1, shipped: 1, returned: 1 },
        { packed: 1, shipped: 1, returned: 0 },
      ],
    })
    for (const file of [
      await shop.files.find(id),
      await shop.files.findByShipment(wanted.id),
      await shop.files.findByReturn(returnId),
    ])
      t.same(file, last)
    t.same(await shop.orders.find(id), last?.order)
    t.same(await shop.told(), [
      ...['order.created 1', 'order.confirmed 2', 'shipment.packed 1', 'shipment.shipped 2'],
      ...['return.requested 1', 'return.approved 2', 'return.received 3'],
    ])
    t.equal(await shop.files.find(newOrderId()), undefined)
    t.equal(await shop.files.findByShipment(newShipmentId()), undefined)
    t.equal(await shop.files.findByReturn(newReturnId()), undefined)
  })

  t.test('keeps which parcel waits to be sent again, and in whose place one was', async (t) => {
    const shop = await open(t)
    const { id, change } = await confirmed(shop)
    const first = parcel(await left(shop, id, 1, 1))
    await change((file) => pack(file, first, now))
    await change((file) => moveShipment(file, first.id, 'shipped', now))
    await change((file) => moveShipment(file, first.id, 'lost', now))
    const { lines: _, ...again } = { ...parcel([]), isFromStock: true }
    const begun = await change((file) => beginResend(file, first.id, again, now))
    t.same(await shop.files.find(id), begun)
    const later = new Date(now.getTime() + 1)
    const waiting = async (before: Date) =>
      (await shop.files.resendingSince(before, 100)).filter((one) => one === first.id)
    t.same(await waiting(now), [])
    t.same(await waiting(later), [first.id])
    const done = await change((file) => completeResend(file, first.id, again.id, now))
    t.match(done?.shipments, [{ status: 'resent' }, { id: again.id, replaces: first.id }])
    t.same(await shop.files.find(id), done)
    t.same(await waiting(later), [])
    t.same((await shop.told()).slice(-4), [
      ...['shipment.lost 3', 'shipment.resent 4', 'shipment.packed 1', 'shipment.shipped 2'],
    ])
  })

  t.test('of eight that pack the last unit at once, one gets it', async (t) => {
    const shop = await open(t)
    const { id, change } = await confirmed(shop)
    const lines = await left(shop, id, 1)
    const packing = Array.from({ length: 8 }, () => change((file) => pack(file, parcel(lines), now)))
    const results = await Promise.allSettled(packing)
    const refused = results.flatMap((result) =>
      result.status === 'rejected' ? [result.reason as unknown] : [],
    )
    t.match(refused, Array(7).fill({ code: 'shipment.exceeds-order' }))
    t.match(await shop.files.find(id), { shipments: { length: 1 }, order: { lines: [{ packed: 1 }, {}] } })
  })

  t.test('ship and cancel never both win', async (t) => {
    const shop = await open(t)
    for (let turn = 0; turn < 10; turn++) {
      const { id, change } = await confirmed(shop)
      const wanted = parcel(await left(shop, id, 1, 2))
      const ship = () =>
        change((file) => {
          const packed = pack(file, wanted, now)
          return moveShipment(packed.state, wanted.id, 'shipped', now)
        })
      const off = () =>
        shop.orders.update([{ id, trace, decide: (order) => cancel(order, 'no longer', now) }])
      const results = await Promise.allSettled(turn % 2 ? [ship(), off()] : [off(), ship()])
      t.equal(results.filter(({ status }) => status === 'fulfilled').length, 1, `turn ${turn}`)
      const { order, shipments } = (await shop.files.find(id))!
      t.equal(shipments.length, order.status === 'canceled' ? 0 : 1)
    }
  })

  t.test('who has decided on the order as it was before it was packed decides again', async (t) => {
    const shop = await open(t)
    const { id, change } = await confirmed(shop)
    const lines = await left(shop, id, 1, 2)
    let packing: Promise<unknown> | undefined
    const results = await Promise.allSettled([
      shop.orders.update([
        {
          ...{ id, trace },
          decide(order) {
            packing ??= Promise.resolve().then(() => change((file) => pack(file, parcel(lines), now)))
            return cancel(order, '', now)
          },
        },
      ]),
    ])
    await packing?.catch(() => undefined)
    const { order } = (await shop.files.find(id))!
    const isCanceled = order.status === 'canceled'
    t.equal(isCanceled, order.lines[0]!.packed === 0, 'either it is packed or it is off')
    t.equal(results[0].status === 'fulfilled', isCanceled)
  })

  t.test('publishes and stores nothing when the decision is refused', async (t) => {
    const shop = await open(t)
    const { id, change } = await confirmed(shop)
    const before = await shop.told()
    const refuse = (): never => {
      throw new Refusal('conflict', 'order.test', 'no')
    }
    await t.rejects(change(refuse), { code: 'order.test' })
    t.equal((await change(() => undefined))?.order.revision, 1, 'nothing to do')
    t.equal(await shop.files.update({ id: newOrderId(), trace, decide: refuse }), undefined)
    t.same(await shop.told(), before)
    t.equal((await shop.orders.find(id))?.revision, 1)
  })

  t.test('a request makes one shipment, and its key finds it', async (t) => {
    const shop = await open(t)
    const { id } = await confirmed(shop)
    const lines = await left(shop, id, 0, 1)
    const once = { key: newOrderId(), fingerprint: 'a' }
    const attempt = () => {
      const wanted = parcel(lines)
      const decide = (file: OrderFile) => pack(file, wanted, now)
      return shop.files.update({ id, trace, once, thing: wanted.id, decide })
    }
    t.equal(await shop.files.findThing(once), undefined)
    const results = await Promise.allSettled(Array.from({ length: 4 }, attempt))
    t.equal(results.filter(({ status }) => status === 'fulfilled').length, 1)
    const { shipments } = (await shop.files.find(id))!
    t.equal(shipments.length, 1)
    t.equal(await shop.files.findThing(once), shipments[0]?.id)
    await t.rejects(shop.files.findThing({ ...once, fingerprint: 'b' }), {
      code: 'request.idempotency-key-reused',
    })
  })

  t.test('knows which goods are not booked, and which orders have no shipments yet', async (t) => {
    const shop = await open(t)
    const { id, change } = await confirmed(shop)
    const wanted = parcel(await left(shop, id, 1))
    const returnId = newReturnId()
    const lines = wanted.lines.map(({ lineId }) => ({ lineId, quantity: 1, reason: '' }))
    await change((file) => pack(file, wanted, now))
    await change((file) => moveShipment(file, wanted.id, 'shipped', now))
    await change((file) => requestReturn(file, returnId, lines, now))
    await change((file) => moveReturn(file, returnId, 'approved', [], now))
    const [fine] = lines.map((line) => ({ ...line, condition: 'resellable' as const }))
    await change((file) => moveReturn(file, returnId, 'received', [fine!], now))
    const later = new Date(now.getTime() + 1)
    t.match(await shop.files.unbookedSince(later, 10), [{ return: { id: returnId, awaitingStock: true } }])
    t.same(await shop.files.unbookedSince(now, 10), [])
    await shop.files.markBooked([returnId])
    t.same(await shop.files.unbookedSince(later, 10), [])

    const early = await confirmed(shop)
    await shop.orders.update([
      { id: early.id, trace, decide: (order) => shippedBefore(order) },
      { id, trace, decide: () => undefined },
    ])
    t.same(await shop.files.withoutShipments(10), [early.id])
  })

  t.test('knows whose hold is over, and which orders are closing since when', async (t) => {
    const shop = await open(t)
    const [held, free] = [await confirmed(shop), await confirmed(shop)]
    const holdUntil = new Date(now.getTime() + 5_000)
    const over = new Date(holdUntil.getTime() + 1)
    const setHold = ({ order, ...file }: OrderFile): FileChange => {
      return { state: { ...file, order: { ...order, holdUntil } }, events: [] }
    }
    t.match(await held.change(setHold), { order: { holdUntil, version: 2 } })
    t.same(await shop.files.heldTooLong(now, 10), [])
    t.same(await shop.files.heldTooLong(over, 10), [held.id])
    const list = { userId: undefined, status: undefined, after: undefined, limit: 10 }
    const endingBefore = async (time: Date) =>
      (await shop.orders.page({ ...list, holdEndsBefore: time })).orders.map(({ id }) => id)
    t.same(await endingBefore(over), [held.id])
    t.same(await endingBefore(holdUntil), [])
    t.same(await shop.files.closingSince(over, 10), [])
    const closing = { to: 'expired', reason: 'late "payer"', refund: 'none', since: now } as const
    await held.change((file) => beginClosing(file, closing))
    const stored = await shop.files.find(held.id)
    t.same(stored?.order.closing, closing)
    t.same(await shop.files.heldTooLong(over, 10), [], 'it is closing')
    t.same(await shop.files.closingSince(now, 10), [])
    t.same(await shop.files.closingSince(over, 10), [held.id])
    const ended = await held.change((file) => endClosing(file, closing, 'uncovered', over))
    t.match(ended?.order, {
      status: 'expired',
      closing: undefined,
      holdUntil: undefined,
      awaitingRelease: true,
    })
    t.same(await shop.files.find(held.id), ended)
    t.same(await shop.files.closingSince(over, 10), [])
    t.equal((await shop.told()).at(-1), 'order.expired 3')
    t.match(await shop.orders.find(free.id), { holdUntil: undefined, closing: undefined })
  })

  t.test('knows of which shipments and returns the payments have to be told', async (t) => {
    const shop = await open(t)
    const { id, change } = await confirmed(shop)
    const lines = await left(shop, id, 1, 1)
    const wanted = parcel(lines.map((each, n) => ({ ...each, isShort: n === 1 })))
    await change((file) => pack(file, wanted, now))
    const later = new Date(now.getTime() + 1)
    t.same(await shop.files.uncreditedSince(now, 10), [])
    t.same(await shop.files.uncreditedSince(later, 10), [id])
    const [shipment] = (await shop.files.find(id))!.shipments
    t.match(shipment, { awaitingMoney: true, lines: [{ quantity: 1 }, { quantity: 1 }] })
    await shop.files.markCredited({ shipments: [{ id: shipment!.id, version: 9 }], returns: [] })
    t.same(await shop.files.uncreditedSince(later, 10), [id], 'it has changed since')
    await shop.files.markCredited({ shipments: [shipment!], returns: [] })
    t.same(await shop.files.uncreditedSince(later, 10), [])

    await change((file) => moveShipment(file, wanted.id, 'shipped', now))
    const returnId = newReturnId()
    const units = [{ ...lines[0]!, reason: '', condition: 'damaged' as const }]
    await change((file) => requestReturn(file, returnId, units, now))
    for (const to of ['approved', 'received', 'refunded'] as const)
      await change((file) => moveReturn(file, returnId, to, units, now))
    t.same(await shop.files.uncreditedSince(later, 10), [id])
    const stored = await shop.files.find(id)
    t.match(stored, { shipments: [{ awaitingMoney: false }], returns: [{ money: 'due', version: 4 }] })
    await shop.files.markCredited({ shipments: [], returns: stored!.returns })
    t.match(await shop.files.find(id), { returns: [{ money: 'ordered' }] })
    t.same(await shop.files.uncreditedSince(later, 10), [])
  })

  t.test('a line may be named only to say that there are no more', async (t) => {
    const shop = await open(t)
    const { id, change } = await confirmed(shop)
    const [one, two] = await left(shop, id, 1, 1)
    const wanted = parcel([one!, { ...two!, quantity: 0, isShort: true }])
    const packed = await change((file) => pack(file, wanted, now))
    t.match(packed, {
      shipments: [{ lines: { length: 1 } }],
      order: { lines: [{}, { packed: 0, canceled: 2 }] },
    })
    t.same(await shop.files.find(id), packed)
  })

  t.test('knows which orders late money may revive, and which are being revived since when', async (t) => {
    const shop = await open(t)
    const expired = async (capturedMinor: bigint, isReleased = true) => {
      const { id, change } = await confirmed(shop)
      await change((file) => withChange(file, expire(file.order, now)))
      const money = {
        dueMinor: 648n,
        authorizedMinor: 0n,
        refundedMinor: 0n,
        attempt: 'none',
        flags: [],
      } as const
      const kept = await change((file) => applyMoney(file, { ...money, gateVersion: 1, capturedMinor }, now))
      if (isReleased) await shop.orders.markReleased([{ id, revision: kept!.order.revision }])
      return { id, change }
    }
    await confirmed(shop)
    await expired(0n)
    await expired(648n, false)
    const late = await expired(648n)
    const [soon, dayLater] = [new Date(now.getTime() + 1), new Date(now.getTime() + 24 * 3_600_000)]
    t.same(await shop.files.toRevive(now, soon, 10), [late.id])
    t.same(await shop.files.toRevive(now, dayLater, 10), [])
    const begun = await late.change((file) => beginRevival(file, soon))
    t.match(begun?.order, { holdNo: 2, reviving: { since: soon, isOff: false }, status: 'expired' })
    t.same(await shop.files.find(late.id), begun)
    t.same(await shop.files.toRevive(soon, soon, 10), [])
    t.same(await shop.files.toRevive(dayLater, dayLater, 10), [late.id])
    await late.change((file) => giveUpRevival(file, 2))
    await late.change((file) => endRevival(file, 2))
    t.same(await shop.files.toRevive(dayLater, soon, 10), [], 'it was tried')
    const other = await expired(648n)
    await other.change((file) => beginRevival(file, soon))
    const revived = await other.change((file) => completeRevival(file, 2, soon))
    t.match(revived?.order, { status: 'paid', holdNo: 2, reviving: undefined, version: 4 })
    t.same(await shop.files.find(other.id), revived)
    t.equal((await shop.told()).at(-1), 'order.revived 4')
  })

  t.test('keeps what is newest of the money, and lists by it', async (t) => {
    const shop = await open(t)
    const { id, change } = await confirmed(shop)
    await confirmed(shop)
    const money = {
      dueMinor: 648n,
      authorizedMinor: 0n,
      refundedMinor: 0n,
      attempt: 'none',
      flags: [],
    } as const
    const told = (gateVersion: number, capturedMinor: bigint) =>
      change((file) => applyMoney(file, { ...money, gateVersion, capturedMinor }, now))
    const paid = await told(3, 648n)
    t.match(paid?.order, { status: 'paid', paymentStatus: 'paid', gateVersion: 3 })
    t.same(await shop.files.find(id), paid)
    t.match((await told(2, 0n))?.order, { status: 'paid', paymentStatus: 'paid', gateVersion: 3 }, 'late')
    const filter = { userId: undefined, status: undefined, after: undefined, limit: 10 }
    t.match((await shop.orders.page({ ...filter, paymentStatus: 'paid' })).orders, [{ id }])
    t.equal((await shop.orders.page({ ...filter, paymentStatus: 'unpaid' })).orders.length, 1)
    t.match((await told(4, 0n))?.order, { status: 'confirmed', paymentStatus: 'unpaid', version: 4 })
  })

  t.test('lists by what was shipped and what came back', async (t) => {
    const shop = await open(t)
    const { id, change } = await confirmed(shop)
    await confirmed(shop)
    const wanted = parcel(await left(shop, id, 1))
    await change((file) => pack(file, wanted, now))
    const filter = { userId: undefined, status: undefined, after: undefined, limit: 10 }
    const partial = async () => (await shop.orders.page({ ...filter, fulfilmentStatus: 'partial' })).orders
    t.equal((await partial()).length, 0, 'packed is not shipped')
    await change((file) => moveShipment(file, wanted.id, 'shipped', now))
    t.match(await partial(), [{ id }])
    t.equal((await shop.orders.page({ ...filter, fulfilmentStatus: 'none' })).orders.length, 1)
    t.equal((await shop.orders.page({ ...filter, returnStatus: 'open' })).orders.length, 0)
  })
}

/** As an earlier version has left it. */
const shippedBefore = (order: OrderFile['order']) => {
  const history = [...order.history, { status: 'shipped' as const, at: now, reason: '' }]
  return changeOf({ ...order, status: 'shipped', version: order.version + 1, history })
}

async function confirmed({ orders, files }: OpenFiles) {
  const { order } = await orders.add(placed(), undefined, trace)
  await orders.update([{ id: order.id, trace, decide: (seen) => confirm(seen, now) }])
  const change = (decide: (file: OrderFile) => FileChange | undefined) =>
    files.update({ id: order.id, trace, decide })
  return { id: order.id, change }
}

async function left({ files }: OpenFiles, id: OrderId, ...quantities: readonly number[]) {
  const file = await files.find(id)
  if (!file) throw new Error('the order was stored')
  return units(file, ...quantities)
}
