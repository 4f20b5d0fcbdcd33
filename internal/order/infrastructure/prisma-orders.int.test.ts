import t, { type Test } from 'tap'
import { eventually } from '../../platform/testing/eventually.ts'
import { Refusal } from '../../platform/refusal.ts'
import { cancel, confirm, expire, type Order, type OrderStatus } from '../domain/order.ts'
import { releaseUnneeded } from '../application/release-canceled-orders.ts'
import { reviveWithLateMoney } from '../application/revive-orders.ts'
import { settle } from '../domain/settle.ts'
import { fakePayments } from '../testing/fake-payments.ts'
import { fakeStock } from '../testing/fake-stock.ts'
import { newUserId, now, placed, trace } from '../testing/fixtures.ts'
import { openOrderDatabase } from '../testing/order-database.ts'
import { orderFilesContract } from '../testing/order-files-contract.ts'
import { ordersContract, unpaidContract, type Told } from '../testing/orders-contract.ts'
import { postgresOrderFiles } from './postgres-order-files.ts'
import { prismaOrders } from './prisma-orders.ts'
import { rememberOrders } from './remembered-orders.ts'
import { noPrices } from '../testing/no-checkout.ts'

type Row = { readonly subject: string; readonly aggregate_id: string; readonly aggregate_version: number }

async function openOrders(t: Test, maxUnpaidUnits?: number) {
  const { sql, db } = await openOrderDatabase(t)
  let wakes = 0
  const wake = (): void => {
    wakes++
  }
  const orders = prismaOrders(db, sql, wake, rememberOrders(), maxUnpaidUnits)
  const told = async (): Promise<readonly Told[]> => {
    const rows = await db.$queryRaw<
      Row[]
    >`select subject, aggregate_id, aggregate_version from producer.outbox order by seq`
    return rows.map(({ subject, aggregate_id, aggregate_version }) => {
      const fact = subject.replace('order.', '')
      const type = (fact === 'created' ? 'pending' : fact) as OrderStatus
      return { type, orderId: aggregate_id, version: aggregate_version }
    })
  }
  /** The store of another process. */
  const others = prismaOrders(db, sql, () => undefined, rememberOrders(), maxUnpaidUnits)
  const files = postgresOrderFiles(
    sql,
    () => undefined,
    () => new Date(),
  )
  return { db, orders, others, files, told, wakes: () => wakes }
}

ordersContract(t, openOrders)
unpaidContract(t, async (t) => openOrders(t, 10))

orderFilesContract(t, async (t) => {
  const { db, orders, files } = await openOrders(t)
  const told = async () => {
    const rows = await db.$queryRaw<
      Row[]
    >`select subject, aggregate_version from producer.outbox order by seq`
    return rows.map(({ subject, aggregate_version }) => `${subject} ${aggregate_version}`)
  }
  return { orders, files, told }
})

t.test('an order whose place another one has taken is not revived, and all goes back', async (t) => {
  const { db, orders, files } = await openOrders(t)
  // As the index of carts will: of some orders only one may be live.
  await db.$executeRaw`create unique index one_live on orders.orders (currency) where status in ('confirmed', 'paid')`
  const { order } = await orders.add(placed({ userId: newUserId() }), undefined, trace)
  await orders.update([{ id: order.id, trace, decide: (seen) => confirm(seen, now) }])
  await orders.update([{ id: order.id, trace, decide: (seen) => expire(seen, now) }])
  const [stock, payments] = [fakeStock(), fakePayments()]
  const deps = { orders, files, stock, payments, prices: noPrices, now: () => now }
  await releaseUnneeded(deps)([{ orderId: order.id, trace }])
  const { order: other } = await orders.add(placed({ userId: newUserId() }), undefined, trace)
  await orders.update([{ id: other.id, trace, decide: (seen) => confirm(seen, now) }])
  const due = { dueMinor: 648n, authorizedMinor: 0n, capturedMinor: 648n, refundedMinor: 0n }
  payments.money.set(order.id, { ...due, gateVersion: 1, attempt: 'none', flags: [] })
  await reviveWithLateMoney(deps)([{ orderId: order.id, gateVersion: 1, trace }])
  t.match(await orders.find(order.id), { status: 'expired', reviving: undefined, holdNo: 2, version: 3 })
  t.match(stock.released.get(order.id), { holdNo: 2, kept: [] })
  t.match(payments.closed, [{ refund: 'full' }])
})

t.test('orders that come together share transactions and one bad member fails alone', async (t) => {
  const { orders, told, wakes } = await openOrders(t)
  const good = Array.from({ length: 50 }, () => placed())
  const bad = placed()
  const line = { ...bad.state.lines[0], quantity: 0 } as (typeof bad.state.lines)[number]
  const broken = { ...bad, state: { ...bad.state, lines: [line] } }
  const results = await Promise.allSettled(
    [...good, broken].map((change) => orders.add(change, undefined, trace)),
  )
  t.equal(
    results.filter(({ status }) => status === 'fulfilled').length,
    50,
    "the database's constraint repeats the rule",
  )
  t.equal(results.at(-1)?.status, 'rejected')
  t.equal((await told()).length, 50, 'nothing of the bad one is left')
  t.ok(wakes() <= 51)
})

t.test('a page holds no more lines than one message takes', async (t) => {
  const { orders } = await openOrders(t)
  const small = placed()
  const [line] = small.state.lines
  if (!line) throw new Error('a placed order has lines')
  for (let index = 0; index < 3; index++) {
    const { state } = placed()
    const lines = Array.from({ length: 900 }, () => line)
    await orders.add({ state: { ...state, lines }, events: [] }, undefined, trace)
  }
  const page = await orders.page({ userId: undefined, status: undefined, after: undefined, limit: 3 })
  t.equal(page.orders.length, 2)
  t.equal(page.next, page.orders.at(-1)?.id)
})

t.test('a new order that somebody else has changed is settled as it is, not as it was', async (t) => {
  const { orders, others, told } = await openOrders(t)
  const [canceled, untouched] = [placed(), placed()]
  await Promise.all([canceled, untouched].map((change) => orders.add(change, undefined, trace)))
  await others.update([{ id: canceled.state.id, trace, decide: (seen) => cancel(seen, 'no longer', now) }])
  const settled = await orders.update(
    [canceled, untouched].map(({ state }) => ({
      id: state.id,
      trace,
      decide: (seen) => settle(seen, { orderId: seen.id, outcome: 'held' }, now),
    })),
  )
  t.same(
    settled.map((order) => order?.status),
    ['canceled', 'confirmed'],
  )
  t.match(await orders.find(canceled.state.id), { status: 'canceled', version: 2 })
  t.notOk((await told()).some(({ type, orderId }) => type === 'confirmed' && orderId === canceled.state.id))
})

t.test('nothing to do, and a refusal, are never said of what is only remembered', async (t) => {
  const { orders, others } = await openOrders(t)
  for (const say of ['nothing', 'no'] as const) {
    const { state } = placed()
    await orders.add({ state, events: [] }, undefined, trace)
    await others.update([{ id: state.id, trace, decide: (seen) => confirm(seen, now) }])
    const seen: OrderStatus[] = []
    const [order] = await orders.update([
      {
        id: state.id,
        trace,
        decide({ status }) {
          seen.push(status)
          if (status === 'pending' && say === 'no') throw new Refusal('conflict', 'order.test', 'not yet')
          return undefined
        },
      },
    ])
    t.equal(order?.status, 'confirmed')
    t.same(seen, ['pending', 'confirmed'])
  }
})

t.test('a cancellation that was decided before the order was packed is decided again', async (t) => {
  const { db, orders } = await openOrders(t)
  const { state } = placed()
  await orders.add({ state, events: [] }, undefined, trace)
  await orders.update([{ id: state.id, trace, decide: (seen) => confirm(seen, now) }])
  const seen: number[] = []
  const canceling = db.$transaction(async (tx) => {
    await tx.$queryRawUnsafe('select id from orders.orders where id = $1::uuid for update', state.id)
    const decide = (order: Order) => {
      seen.push(order.lines[0]!.packed)
      return cancel(order, '', now)
    }
    const update = orders
      .update([{ id: state.id, trace, decide }])
      .catch((err: unknown) => (err instanceof Refusal ? err.code : err))
    // It has decided, and waits for the row.
    await eventually('the cancellation waits for the row', async () => {
      const waiting = await db.$queryRawUnsafe<object[]>(
        `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      )
      return waiting.length > 0
    })
    await tx.$executeRawUnsafe(
      'update orders.orders set revision = revision + 1 where id = $1::uuid',
      state.id,
    )
    await tx.$executeRawUnsafe(
      'update orders.order_lines set packed = quantity where order_id = $1::uuid',
      state.id,
    )
    return { update }
  })
  t.equal(await canceling.then(({ update }) => update), 'order.packed')
  t.same(seen, [0, 1])
  t.match(await orders.find(state.id), { status: 'confirmed' })
})

t.test('what was decided on money that is not the newest any more is decided again', async (t) => {
  const { db, orders, files } = await openOrders(t)
  const { state } = placed()
  await orders.add({ state, events: [] }, undefined, trace)
  const seen: number[] = []
  const update = await db.$transaction(async (tx) => {
    await tx.$queryRawUnsafe('select id from orders.orders where id = $1::uuid for update', state.id)
    const updated = files.update({
      ...{ id: state.id, trace },
      decide(file) {
        seen.push(file.order.gateVersion)
        const order = { ...file.order, gateVersion: file.order.gateVersion + 1 }
        return { state: { ...file, order }, events: [] }
      },
    })
    await eventually('the change waits for the row', async () => {
      const waiting = await db.$queryRawUnsafe<object[]>(
        `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      )
      return waiting.length > 0
    })
    await tx.$executeRawUnsafe(
      'update orders.orders set revision = revision + 1, gate_version = 7 where id = $1::uuid',
      state.id,
    )
    return { updated }
  })
  t.match(await update.updated, { order: { gateVersion: 8, revision: state.revision + 2 } })
  t.same(seen, [0, 7])
  t.match(await orders.find(state.id), { gateVersion: 8 })
})
