import type { Test } from 'tap'
import { newId } from '../../platform/new-id.ts'
import { allocate, type StockDecision } from '../stock/domain/allocate.ts'
import { deleteProduct } from '../catalogue/domain/product.ts'
import {
  addProduct,
  adjust,
  available,
  history,
  ledger,
  line,
  newOrderId,
  newProductId,
  noon,
  releases,
  request,
  trace,
  whole,
  type InventoryStores,
} from './fixtures.ts'

type Open = (t: Test) => Promise<InventoryStores>

/** What every store of reservations does. */
export function reservationsContract(t: Test, open: Open): void {
  reserveTests(t, open)
  unknownProductTests(t, open)
  repetitionTests(t, open)
  releaseTests(t, open)
  partTests(t, open)
  laterHoldTests(t, open)
  raceTests(t, open)
}

const outcomes = (decisions: readonly StockDecision[]): readonly string[] =>
  decisions.map((decision) => decision.outcome)

function reserveTests(t: Test, open: Open): void {
  t.test('holds all lines of an order or none, in the order given', async (t) => {
    const stores = await open(t)
    const [lamp, vase] = [await addProduct(stores, 5), await addProduct(stores, 1)]
    const wanted = [
      request([line(vase, 1), line(lamp, 3)]),
      request([line(lamp, 2), line(vase, 1)]),
      request([line(lamp, 2)]),
      request([line(lamp, 1)]),
    ]
    const decisions = await stores.reservations.reserve(wanted, allocate, noon)
    t.strictSame(outcomes(decisions), ['held', 'rejected', 'held', 'rejected'])
    t.match(decisions[1], { shortages: [{ productId: vase.id, requested: 1, available: 0 }] })
    t.strictSame(
      decisions.map(({ orderId }) => orderId),
      wanted.map(({ orderId }) => orderId),
    )
    t.equal(await available(stores, lamp), 0)
    t.strictSame(await ledger(stores, lamp.id), ['restock 5', 'reserve -3', 'reserve -2'])
    t.strictSame(await ledger(stores, wanted[1]!.orderId), [])
  })

  t.test('names every product that is short', async (t) => {
    const stores = await open(t)
    const [lamp, vase] = [await addProduct(stores, 2), await addProduct(stores, 0)]
    const [decision] = await stores.reservations.reserve(
      [request([line(lamp, 3), line(vase, 1)])],
      allocate,
      noon,
    )
    t.match(decision, {
      shortages: [
        { productId: lamp.id, requested: 3, available: 2 },
        { productId: vase.id, requested: 1, available: 0 },
      ],
    })
  })

  t.test('publishes each decision with the trace of its own order', async (t) => {
    const stores = await open(t)
    const lamp = await addProduct(stores, 1)
    const [held, rejected] = [request([line(lamp, 1)]), request([line(lamp, 1)])]
    await stores.reservations.reserve([held, rejected], allocate, noon)
    const events = await stores.events()
    t.match(
      events.find(({ aggregateId }) => aggregateId === held.orderId),
      {
        subject: 'stock.reserved',
        type: 'tillstream.stock.reserved.v1',
        aggregateType: 'reservation',
        aggregateVersion: 1,
        data: { orderId: held.orderId, lines: [{ productId: lamp.id, quantity: 1 }] },
        headers: held.trace,
      },
    )
    t.match(
      events.find(({ aggregateId }) => aggregateId === rejected.orderId),
      {
        subject: 'stock.rejected',
        aggregateVersion: 1,
        data: { shortages: [{ productId: lamp.id, requested: 1, available: 0 }] },
        headers: rejected.trace,
      },
    )
  })

  t.test('holds for an order that was placed before its product was deleted', async (t) => {
    const stores = await open(t)
    const lamp = await addProduct(stores, 1)
    await stores.products.update(lamp.id, (product) => deleteProduct(product, undefined, noon), trace)
    t.strictSame(outcomes(await stores.reservations.reserve([request([line(lamp, 1)])], allocate, noon)), [
      'held',
    ])
  })
}

function unknownProductTests(t: Test, open: Open): void {
  t.test('keeps nothing of an order with an unknown product, and decides the others', async (t) => {
    const stores = await open(t)
    const lamp = await addProduct(stores, 2)
    const lost = request([line(lamp, 1), { productId: newProductId(), quantity: 1 }])
    const decisions = await stores.reservations.reserve([lost, request([line(lamp, 2)])], allocate, noon)
    t.strictSame(outcomes(decisions), ['unknown-product', 'held'])
    t.strictSame(await ledger(stores, lost.orderId), [])
    t.strictSame(await history(stores, lost.orderId), [])
  })

  t.test('decides such an order anew when it comes again', async (t) => {
    const stores = await open(t)
    const lamp = await addProduct(stores, 2)
    const orderId = newOrderId()
    await stores.reservations.reserve(
      [request([{ productId: newProductId(), quantity: 1 }], orderId)],
      allocate,
      noon,
    )
    const decisions = await stores.reservations.reserve([request([line(lamp, 1)], orderId)], allocate, noon)
    t.strictSame(outcomes(decisions), ['held'])
    t.equal(await available(stores, lamp), 1)
    t.strictSame(await history(stores, orderId), ['stock.reserved 1'])
  })
}

function repetitionTests(t: Test, open: Open): void {
  t.test('gives a decision again, whatever the stock is by then', async (t) => {
    const stores = await open(t)
    const lamp = await addProduct(stores, 2)
    const wanted = [request([line(lamp, 2)]), request([line(lamp, 1)])]
    const first = await stores.reservations.reserve(wanted, allocate, noon)
    await adjust(stores, lamp, 10)
    t.strictSame(await stores.reservations.reserve(wanted, allocate, noon), first)
    t.strictSame(
      await stores.reservations
        .reserve([wanted[1]!, request([line(lamp, 1)]), wanted[0]!], allocate, noon)
        .then(outcomes),
      ['rejected', 'held', 'held'],
    )
    t.equal(await available(stores, lamp), 9)
    t.strictSame(await history(stores, wanted[0]!.orderId), ['stock.reserved 1'])
    t.strictSame(await history(stores, wanted[1]!.orderId), ['stock.rejected 1'])
  })

  t.test('answers an order that is twice in one batch twice, and holds once', async (t) => {
    const stores = await open(t)
    const lamp = await addProduct(stores, 3)
    const order = request([line(lamp, 2)])
    const repeated = { ...order, lines: [line(lamp, 9)] }
    const decisions = await stores.reservations.reserve(
      [order, request([line(lamp, 1)]), repeated],
      allocate,
      noon,
    )
    t.strictSame(outcomes(decisions), ['held', 'held', 'held'])
    t.equal(await available(stores, lamp), 0)
  })
}

function releaseTests(t: Test, open: Open): void {
  t.test('gives back what was held, once', async (t) => {
    const stores = await open(t)
    const [lamp, vase] = [await addProduct(stores, 5), await addProduct(stores, 5)]
    const order = request([line(lamp, 2), line(vase, 1)])
    await stores.reservations.reserve([order], allocate, noon)
    await stores.reservations.release(releases([order.orderId]), noon)
    await stores.reservations.release(releases([order.orderId]), noon)
    t.equal(await available(stores, lamp), 5)
    t.strictSame((await ledger(stores, order.orderId)).toSorted(), [
      'release 1',
      'release 2',
      'reserve -1',
      'reserve -2',
    ])
    t.strictSame(await history(stores, order.orderId), ['stock.reserved 1', 'stock.released 2'])
    const event = (await stores.events()).find(
      ({ aggregateId, aggregateVersion }) => aggregateId === order.orderId && aggregateVersion === 2,
    )
    const lines = (event?.data as { lines: { productId: string; quantity: number }[] }).lines
    t.strictSame(
      new Map(lines.map(({ productId, quantity }) => [productId, quantity])),
      new Map([
        [lamp.id, 2],
        [vase.id, 1],
      ]),
    )
    t.strictSame(outcomes(await stores.reservations.reserve([order], allocate, noon)), ['released'])
  })

  t.test('leaves a tombstone when it comes before the reservation', async (t) => {
    const stores = await open(t)
    const lamp = await addProduct(stores, 5)
    const order = request([line(lamp, 2)])
    await stores.reservations.release(releases([order.orderId]), noon)
    t.strictSame(outcomes(await stores.reservations.reserve([order], allocate, noon)), ['released'])
    await stores.reservations.release(releases([order.orderId]), noon)
    t.equal(await available(stores, lamp), 5)
    t.strictSame(await history(stores, order.orderId), ['stock.released 1'])
  })

  t.test('releases an order that is twice in one batch once', async (t) => {
    const stores = await open(t)
    const lamp = await addProduct(stores, 5)
    const { orderId, ...order } = request([line(lamp, 2)])
    await stores.reservations.reserve([{ ...order, orderId }], allocate, noon)
    const late = newOrderId()
    await stores.reservations.release(releases([orderId, late, orderId, late]), noon)
    t.equal(await available(stores, lamp), 5)
    t.strictSame(await history(stores, orderId), ['stock.reserved 1', 'stock.released 2'])
    t.strictSame(await history(stores, late), ['stock.released 1'])
  })

  t.test('leaves a rejected order rejected', async (t) => {
    const stores = await open(t)
    const lamp = await addProduct(stores, 1)
    const order = request([line(lamp, 2)])
    await stores.reservations.reserve([order], allocate, noon)
    await stores.reservations.release(releases([order.orderId]), noon)
    t.strictSame(outcomes(await stores.reservations.reserve([order], allocate, noon)), ['rejected'])
    t.strictSame(await history(stores, order.orderId), ['stock.rejected 1'])
    t.equal(await available(stores, lamp), 1)
  })

  t.test('releases a batch of all kinds together', async (t) => {
    const stores = await open(t)
    const lamp = await addProduct(stores, 4)
    const orders = [request([line(lamp, 1)]), request([line(lamp, 2)]), request([line(lamp, 2)])]
    await stores.reservations.reserve(orders, allocate, noon)
    await stores.reservations.release(releases([newOrderId(), ...orders.map(({ orderId }) => orderId)]), noon)
    t.equal(await available(stores, lamp), 4)
  })
}

function partTests(t: Test, open: Open): void {
  t.test('keeps what was packed, however often and late it is told so', async (t) => {
    const stores = await open(t)
    const lamp = await addProduct(stores, 5)
    const { orderId, ...order } = request([line(lamp, 3)])
    await stores.reservations.reserve([{ ...order, orderId }], allocate, noon)
    const packed = whole(orderId, { kept: [line(lamp, 2)] })
    for (let n = 0; n < 2; n++) await stores.reservations.release([packed], noon)
    t.equal(await available(stores, lamp), 3)
    await stores.reservations.release([whole(orderId)], noon)
    await stores.reservations.release([packed], noon)
    t.equal(await available(stores, lamp), 5, 'its shipment was canceled')
    t.strictSame(await ledger(stores, orderId), ['reserve -3', 'release 1', 'release 2'])
    t.strictSame(await history(stores, orderId), ['stock.reserved 1', 'stock.released 2', 'stock.released 3'])
  })

  t.test('writes off what was not on the shelf, once, and holds the rest on', async (t) => {
    const stores = await open(t)
    const lamp = await addProduct(stores, 5)
    const order = request([line(lamp, 3)])
    await stores.reservations.reserve([order], allocate, noon)
    const shortened = whole(order.orderId, { kept: [line(lamp, 2)], short: [line(lamp, 1)], goesOn: true })
    for (let n = 0; n < 2; n++) await stores.reservations.release([shortened], noon)
    t.equal(await available(stores, lamp), 2, 'nobody can buy it')
    t.strictSame(await ledger(stores, order.orderId), ['reserve -3', 'release 1', 'short -1'])
    t.strictSame(outcomes(await stores.reservations.reserve([order], allocate, noon)), ['held'])
    await stores.reservations.release([whole(order.orderId, { short: [line(lamp, 1)] })], noon)
    t.equal(await available(stores, lamp), 4)
  })

  t.test('books a return once: what can be sold comes back, the rest is written off', async (t) => {
    const stores = await open(t)
    const lamp = await addProduct(stores, 5)
    const { orderId, ...order } = request([line(lamp, 3)])
    await stores.reservations.reserve([{ ...order, orderId }], allocate, noon)
    const goods = (returnNo: number, resellable: number, damaged: number) => ({
      ...{ orderId, returnNo, trace },
      lines: [{ productId: lamp.id, resellable, damaged }],
    })
    const book = () => stores.reservations.bookReturns([goods(1, 1, 1)], noon)
    await Promise.all(Array.from({ length: 4 }, book))
    t.equal(await available(stores, lamp), 3)
    await stores.reservations.bookReturns([goods(1, 1, 1), goods(2, 1, 0)], noon)
    t.equal(await available(stores, lamp), 4)
    t.strictSame(await ledger(stores, orderId), ['reserve -3', 'return 2', 'write-off -1', 'return 1'])
    t.strictSame(await history(stores, orderId), ['stock.reserved 1', 'stock.returned 2', 'stock.returned 3'])
    const unknown = { ...goods(1, 1, 0), orderId: newOrderId() }
    await t.rejects(stores.reservations.bookReturns([unknown], noon), { code: 'stock.unknown-order' })
  })
}

/** A story of the first hold, which is over, and of a second one. */
async function heldTwice(stores: InventoryStores) {
  const lamp = await addProduct(stores, 5)
  const first = request([line(lamp, 2)])
  const again = request([line(lamp, 2)], first.orderId, 2)
  const reserve = async (...requests: Parameters<InventoryStores['reservations']['reserve']>[0]) =>
    outcomes(await stores.reservations.reserve(requests, allocate, noon))
  const release = (changes: Parameters<typeof whole>[1] = {}) =>
    stores.reservations.release([whole(first.orderId, changes)], noon)
  return { lamp, first, again, reserve, release }
}

function laterHoldTests(t: Test, open: Open): void {
  t.test('holds an order again after its hold was released, under a number of its own', async (t) => {
    const stores = await open(t)
    const { lamp, first, again, reserve, release } = await heldTwice(stores)
    t.strictSame(await reserve(again), ['busy'], 'the first one comes first')
    await reserve(first)
    t.strictSame(await reserve(again), ['busy'], 'the first one is not over')
    await release()
    for (let n = 0; n < 2; n++) t.strictSame(await reserve(again), ['held'])
    t.strictSame(await reserve(first), ['released'], 'a late one holds nothing')
    t.equal(await available(stores, lamp), 3)
    t.strictSame(await ledger(stores, first.orderId), ['reserve -2', 'release 2', 'reserve -2'])
    t.strictSame(await history(stores, first.orderId), [
      'stock.reserved 1',
      'stock.released 2',
      'stock.reserved 3',
    ])
    const told = (await stores.events()).filter(({ aggregateId }) => aggregateId === first.orderId)
    t.match(told.at(-1)?.data, { holdNo: 2, lines: [{ productId: lamp.id, quantity: 2 }] })
    t.equal((told[0]?.data as { readonly holdNo?: number }).holdNo, undefined)
    for (let n = 0; n < 2; n++) await release({ holdNo: 2 })
    t.equal(await available(stores, lamp), 5)
    t.strictSame(await reserve(again, first), ['released', 'released'])
  })

  t.test('a late release of the first hold leaves the second one alone', async (t) => {
    const stores = await open(t)
    const { lamp, first, again, reserve, release } = await heldTwice(stores)
    await reserve(first)
    await release()
    await reserve(again)
    await release()
    await release({ kept: [line(lamp, 1)] })
    t.equal(await available(stores, lamp), 3)
    t.strictSame(await reserve(again), ['held'])
    const both = [whole(first.orderId, { holdNo: 2 }), whole(first.orderId)]
    await stores.reservations.release(both, noon)
    t.equal(await available(stores, lamp), 5, 'in one batch the later one counts')
  })

  t.test('does not hold again what is short by then', async (t) => {
    const stores = await open(t)
    const { lamp, first, again, reserve, release } = await heldTwice(stores)
    await reserve(first)
    await release()
    await reserve(request([line(lamp, 4)]))
    for (let n = 0; n < 2; n++)
      t.match(await stores.reservations.reserve([request([line(lamp, 1)]), again], allocate, noon), [
        { outcome: n === 0 ? 'held' : 'rejected' },
        { outcome: 'rejected', shortages: [{ productId: lamp.id, requested: 2, available: 0 }] },
      ])
    await release({ holdNo: 2 })
    t.strictSame(await reserve(again), ['rejected'])
    t.equal((await history(stores, first.orderId)).at(-1), 'stock.rejected 3')
  })

  t.test('an early release of the second hold leaves a tombstone', async (t) => {
    const stores = await open(t)
    const { lamp, first, again, reserve, release } = await heldTwice(stores)
    await reserve(first)
    await release()
    await release({ holdNo: 2 })
    t.strictSame(await reserve(again), ['released'])
    t.equal(await available(stores, lamp), 5)
    t.equal((await history(stores, first.orderId)).at(-1), 'stock.released 3')
    t.strictSame(await reserve(request([line(lamp, 1)], first.orderId, 3)), ['held'])
  })

  t.test('never sells the last unit to a second hold and to somebody else', async (t) => {
    const stores = await open(t)
    const lamp = await addProduct(stores, 1)
    const first = request([line(lamp, 1)])
    await stores.reservations.reserve([first], allocate, noon)
    await stores.reservations.release(releases([first.orderId]), noon)
    const reserve = (each: typeof first) => stores.reservations.reserve([each], allocate, noon)
    const again = request([line(lamp, 1)], first.orderId, 2)
    const answers = await Promise.all([
      ...Array.from({ length: 4 }, () => reserve(again)),
      ...Array.from({ length: 4 }, () => reserve(request([line(lamp, 1)]))),
    ])
    const [mine, theirs] = [answers.slice(0, 4).flatMap(outcomes), answers.slice(4).flatMap(outcomes)]
    t.equal(new Set(mine).size, 1, 'all are told the same')
    t.equal(theirs.filter((outcome) => outcome === 'held').length, mine[0] === 'held' ? 0 : 1)
    t.equal(await available(stores, lamp), 0)
  })
}

function raceTests(t: Test, open: Open): void {
  t.test('sells the last unit to one of two buyers', async (t) => {
    const stores = await open(t)
    const lamp = await addProduct(stores, 1)
    const buy = () => stores.reservations.reserve([request([line(lamp, 1)])], allocate, noon)
    const decisions = (await Promise.all([buy(), buy()])).flat()
    t.strictSame(outcomes(decisions).toSorted(), ['held', 'rejected'])
    t.equal(await available(stores, lamp), 0)
  })

  t.test('gives sixteen racing deliveries of one order the same answer', async (t) => {
    const stores = await open(t)
    const lamp = await addProduct(stores, 5)
    const order = request([line(lamp, 3)])
    const deliver = () =>
      stores.reservations.reserve([order, request([line(lamp, 100)], newId() as never)], allocate, noon)
    const decisions = await Promise.all(Array.from({ length: 16 }, deliver))
    t.ok(decisions.every(([decision]) => decision?.outcome === 'held'))
    t.strictSame(await ledger(stores, order.orderId), ['reserve -3'])
  })

  t.test('gives back once what eight racing releases ask for', async (t) => {
    const stores = await open(t)
    const lamp = await addProduct(stores, 5)
    const order = request([line(lamp, 2)])
    await stores.reservations.reserve([order], allocate, noon)
    const release = () => stores.reservations.release(releases([order.orderId]), noon)
    await Promise.all(Array.from({ length: 8 }, release))
    t.equal(await available(stores, lamp), 5)
    t.strictSame(await history(stores, order.orderId), ['stock.reserved 1', 'stock.released 2'])
  })

  t.test('holds nothing after a race of reserve and release', async (t) => {
    const stores = await open(t)
    const lamp = await addProduct(stores, 50)
    const orders = Array.from({ length: 20 }, () => request([line(lamp, 1)]))
    await Promise.all(
      orders.flatMap((order) => [
        stores.reservations.reserve([order], allocate, noon),
        stores.reservations.release(releases([order.orderId]), noon),
      ]),
    )
    t.equal(await available(stores, lamp), 50)
  })
}
