import pg from 'pg'
import t from 'tap'
import { testDatabase } from '../../../platform/testing/database.ts'
import { eventually } from '../../../platform/testing/eventually.ts'
import { allocate, type StockDecision } from '../domain/allocate.ts'
import {
  adjust,
  addProduct,
  line,
  newOrderId,
  newProductId,
  noon,
  releases,
  request,
} from '../../testing/fixtures.ts'
import { openPrismaStores } from '../../testing/open-prisma-stores.ts'

const { url } = await testDatabase(t)
const one = openPrismaStores(t, url)
const other = openPrismaStores(t, url)

/** What must be true of the tables at all times; each query lists offenders. */
const invariants = {
  'available is the sum of the movements': `
    select product_id from inventory.stock full join (
      select product_id, sum(quantity) as sum from inventory.stock_movements group by 1
    ) ledger using (product_id)
    where available is distinct from coalesce(sum, 0)`,
  'what is held is in the ledger, what is not sums to zero': `
    select order_id from inventory.reservations full join (
      select order_id, sum(quantity) as sum from inventory.stock_movements where order_id is not null group by 1
    ) ledger using (order_id)
    where status is null or (status = 'held') <> (coalesce(sum, 0) < 0) or sum > 0`,
  'versions are contiguous from 1': `
    select aggregate_type, aggregate_id from producer.outbox group by 1, 2
    having min(aggregate_version) <> 1 or max(aggregate_version) <> count(*)
      or count(distinct aggregate_version) <> count(*)`,
  'each reservation has told of itself': `
    select order_id from inventory.reservations full join (
      select aggregate_id as order_id, count(*) from producer.outbox where aggregate_type = 'reservation' group by 1
    ) told using (order_id)
    where version is distinct from count`,
}

async function checkInvariants(t: Tap): Promise<void> {
  for (const [name, sql] of Object.entries(invariants))
    t.strictSame(await one.db.$queryRawUnsafe(sql), [], name)
}

type Tap = { readonly strictSame: (found: unknown, wanted: unknown, name: string) => boolean }

t.test(
  'two replicas that reserve, release and adjust the same products keep the books straight',
  async (t) => {
    const products = await Promise.all([30, 5, 40, 0, 25].map((units) => addProduct(one, units)))
    const pick = (n: number) => products[n % products.length]!
    const orders = Array.from({ length: 150 }, (_, n) => {
      // Every other one the other way round: locks must not depend on it.
      const lines = [line(pick(n), 1 + (n % 3)), line(pick(n + 1 + (n % 3)), 1)]
      return request(n % 2 ? lines : lines.toReversed())
    })
    const work = orders.flatMap((order, n) => {
      const [here, there] = n % 2 ? [one, other] : [other, one]
      return [
        () => here.reservations.reserve([order, orders[(n * 7) % orders.length]!], allocate, noon),
        () => there.reservations.reserve([orders[(n * 3) % orders.length]!, order], allocate, noon),
        () =>
          n % 4
            ? Promise.resolve()
            : there.reservations.release(
                releases([order.orderId, orders[(n * 5) % orders.length]!.orderId]),
                noon,
              ),
        () => adjust(n % 3 ? one : other, pick(n), n % 5 ? 2 : -2, `move ${n % 40}`).catch(() => undefined),
      ]
    })
    await Promise.all(work.map((act) => act()))
    await checkInvariants(t)
    const answers = await Promise.all([
      one.reservations.reserve(orders, allocate, noon),
      other.reservations.reserve(orders, allocate, noon),
    ])
    t.strictSame(answers[0], answers[1], 'both give the same answers ever after')
    await one.reservations.release(releases(orders.map(({ orderId }) => orderId)), noon)
    await checkInvariants(t)
  },
)

t.test('a thousand buyers on two replicas get a hundred units', async (t) => {
  const lamp = await addProduct(one, 100)
  const buy = async (_: unknown, n: number) =>
    (n % 2 ? one : other).reservations.reserve([request([line(lamp, 1)])], allocate, noon)
  const decisions = (await Promise.all(Array.from({ length: 1_000 }, buy))).flat()
  t.equal(decisions.filter(({ outcome }) => outcome === 'held').length, 100)
  await checkInvariants(t)
})

t.test('a batch with one impossible order fails for that caller alone', async (t) => {
  const lamp = await addProduct(one, 3)
  const bad = { ...request([line(lamp, 1)]), orderId: 'not a uuid' as never }
  const results = await Promise.allSettled([
    one.reservations.reserve([request([line(lamp, 1)])], allocate, noon),
    one.reservations.reserve([bad], allocate, noon),
    one.reservations.reserve([request([line(lamp, 1)])], allocate, noon),
  ])
  t.strictSame(
    results.map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled'],
  )
  await checkInvariants(t)
})

t.test('large batches that come the opposite way wait for each other', async (t) => {
  const products = await Promise.all(Array.from({ length: 60 }, () => addProduct(one, 10_000)))
  const twoLines = (n: number) => [line(products[n % 60]!, 1), line(products[(n * 7 + 1) % 60]!, 1)]
  for (let round = 0; round < 4; round++) {
    const orders = Array.from({ length: 1_000 }, (_, n) => request(twoLines(n)))
    const ids = orders.map(({ orderId }) => orderId)
    await Promise.all([
      one.reservations.reserve(orders, allocate, noon),
      other.reservations.reserve(orders.toReversed(), allocate, noon),
    ])
    await Promise.all([
      one.reservations.release(releases(ids.slice(0, 600)), noon),
      other.reservations.release(releases(ids.slice(400, 1_000).toReversed()), noon),
      other.reservations.reserve(
        orders.map(({ lines }) => request(lines)),
        allocate,
        noon,
      ),
    ])
  }
  await checkInvariants(t)
})

/** An operator's open transaction. */
async function lockForeign(product: { readonly id: string }): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query('begin')
  await client.query('select from inventory.stock where product_id = $1 for update', [product.id])
  return async () => {
    await client.query('rollback')
    await client.end()
  }
}

const outcomes = (decisions: readonly StockDecision[]) => decisions.map(({ outcome }) => outcome)

t.test('a foreign lock on one row puts off the orders that need it, and no others', async (t) => {
  const [locked, shared, free] = [
    await addProduct(one, 9),
    await addProduct(one, 1),
    await addProduct(one, 3),
  ]
  const decidedBefore = request([line(locked, 1)])
  await one.reservations.reserve([decidedBefore], allocate, noon)
  const orders = [
    request([line(free, 2)]),
    request([line(locked, 1), line(shared, 1)]),
    request([line(shared, 1)]), // later than the one before it, which gets the last unit
    request([line(free, 2)]),
    request([line(free, 1), { productId: newProductId(), quantity: 1 }]),
    decidedBefore,
    request([line(free, 1)]),
  ]
  const others = [request([line(locked, 1)])]
  const unlock = await lockForeign(locked)
  const started = performance.now()
  const reserve = (batch: typeof orders) => one.reservations.reserve(batch, allocate, noon)
  const [busy, alone] = await Promise.all([reserve(orders), reserve(others)])
  const tookMs = performance.now() - started
  await unlock()
  t.strictSame(outcomes(busy), ['held', 'busy', 'busy', 'rejected', 'unknown-product', 'held', 'held'])
  t.strictSame(outcomes(alone), ['busy'])
  t.ok(tookMs < 1_500, `${tookMs} ms`)
  await checkInvariants(t)
  const later = await other.reservations.reserve(orders, allocate, noon)
  t.strictSame(outcomes(later), ['held', 'held', 'rejected', 'rejected', 'unknown-product', 'held', 'held'])
  t.strictSame(outcomes(await reserve(others)), ['held'])
  await checkInvariants(t)
})

t.test('a lock that is gone soon is waited for, and puts off nobody', async (t) => {
  const lamp = await addProduct(one, 3)
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const held = client.query(
    `begin; select from inventory.stock where product_id = '${lamp.id}' for update; select pg_sleep(0.15); rollback`,
  )
  await eventually('the row is locked', async () => {
    const asleep = await other.db.$queryRawUnsafe<unknown[]>(
      `select 1 from pg_stat_activity where wait_event = 'PgSleep' and datname = current_database()`,
    )
    return asleep.length > 0
  })
  t.strictSame(outcomes(await one.reservations.reserve([request([line(lamp, 1)])], allocate, noon)), ['held'])
  await held
  await client.end()
})

t.test('locks in key order have never met in a deadlock', async (t) => {
  const [row] = await one.db.$queryRawUnsafe<{ deadlocks: number }[]>(
    `select deadlocks::int from pg_stat_database where datname = current_database()`,
  )
  t.equal(row?.deadlocks, 0)
})

t.test('the database itself refuses what must never be', async (t) => {
  const lamp = await addProduct(one, 3)
  const orderId = newOrderId()
  await one.reservations.reserve([request([line(lamp, 1)], orderId)], allocate, noon)
  const refused = async (sql: string, ...values: unknown[]) =>
    t.rejects(one.db.$executeRawUnsafe(sql, ...values), /23514|23505|23503/, sql)
  await refused('update inventory.stock set available = -1 where product_id = $1::uuid', lamp.id)
  await refused('update inventory.stock set available = available - 10 where product_id = $1::uuid', lamp.id)
  const movement =
    'insert into inventory.stock_movements (product_id, order_id, kind, quantity, at) values ($1::uuid, $2::uuid, $3, $4::int, now())'
  await refused(movement, lamp.id, orderId, 'reserve', -1)
  await refused(movement, lamp.id, newOrderId(), 'reserve', 1)
  await refused(movement, lamp.id, newOrderId(), 'release', -1)
  await refused(movement, lamp.id, newOrderId(), 'gift', 1)
  await refused(`insert into inventory.stock values ($1::uuid, 1)`, newProductId())
  await refused(`update inventory.products set price_minor = -1 where id = $1::uuid`, lamp.id)
  await checkInvariants(t)
})

t.test('the producer is woken after a commit', async (t) => {
  const lamp = await addProduct(one, 3)
  const before = one.wakeUps()
  const order = request([line(lamp, 1)])
  await one.reservations.reserve([order], allocate, noon)
  await one.reservations.release(releases([order.orderId]), noon)
  await adjust(one, lamp, 1)
  t.equal(one.wakeUps() - before, 3)
})

t.test(
  'fifty who release, or reserve once more, share transactions, and each order its own order',
  async (t) => {
    const product = await addProduct(one, 200)
    const orders = Array.from({ length: 50 }, () => request([line(product, 2)]))
    await one.reservations.reserve(orders, allocate, noon)
    const before = one.wakeUps()
    const ended = orders.map(({ orderId }) => releases([orderId]))
    // A part of the first one goes back, and then all of it.
    const part = ended[0]!.map((each) => ({ ...each, kept: [line(product, 1)] }))
    await Promise.all([part, ...ended].map((each) => one.reservations.release(each, noon)))
    t.ok(one.wakeUps() - before <= 2, `${one.wakeUps() - before} transactions`)
    const again = orders.map((order) => ({ ...order, holdNo: 2 }))
    const held = await Promise.all(again.map((order) => one.reservations.reserve([order], allocate, noon)))
    t.strictSame(
      held.map((answers) => answers.map(({ outcome }) => outcome)),
      orders.map(() => ['held']),
    )
    t.ok(one.wakeUps() - before <= 5, `${one.wakeUps() - before} transactions`)
    await checkInvariants(t)
  },
)
