import type { Once, Trace } from '../../platform/call.ts'
import { isDatabaseOutage, retryContention, sqlState, type Sql } from '../../platform/database.ts'
import { failpoint } from '../../platform/failpoint.ts'
import { groupCommit } from '../../platform/group-commit.ts'
import { claimKey, claimKeys } from '../../platform/idempotency-keys.ts'
import type { WakeProducer } from '../../platform/outbox.ts'
import type { PoolSql } from '../../platform/pool-sql.ts'
import { anotherOrderLives, type Bought, type CartVersion, type Checkouts } from '../application/checkouts.ts'
import type { Order, OrderChange, OrderId, OrderStatus } from '../domain/order.ts'
import type { PaymentId } from '../domain/terms.ts'
import { insertCheckouts } from './insert-checkouts.ts'
import { encodeOrderEvent } from './order-json.ts'
import { fromRow, selectOrders } from './order-rows.ts'
import type { RememberedOrders } from './remembered-orders.ts'
import { refuseUnpaid } from './unpaid-units.ts'

type Add = { readonly change: OrderChange; readonly trace: Trace; readonly once: Once | undefined }
type Seen = Pick<Order, 'id' | 'revision'>
type Begun = { readonly id: OrderId; readonly paymentId: PaymentId }

type Deps = {
  readonly sql: PoolSql
  readonly wakeProducer: WakeProducer
  readonly remembered: RememberedOrders
  readonly maxUnpaidUnits?: number | undefined
}

export function postgresCheckouts(deps: Deps): Checkouts {
  const { sql, wakeProducer, remembered, maxUnpaidUnits } = deps
  const batches = { maxBatch: 200, inFlight: 1, isOutage: isDatabaseOutage }
  const together = groupCommit((adds: readonly Add[]) => addWithKeys(sql, adds), batches)
  const markTold = groupCommit((orders: readonly Seen[]) => markAllTold(sql, orders), batches)
  const markBegun = groupCommit((begun: readonly Begun[]) => markAllBegun(sql, begun), batches)
  return {
    async add(change, trace, once) {
      const add = { change, trace, once }
      const isBounded = maxUnpaidUnits !== undefined && change.state.userId !== undefined
      const bought = await refusingSecond(() =>
        isBounded ? addBounded(sql, add, maxUnpaidUnits) : together(add),
      )
      failpoint('commit-wake')
      if (bought?.isNew) {
        remembered.remember(bought.order)
        wakeProducer()
      }
      return bought
    },
    claim: (once, id) => claimKey(sql, 'orders', once, id),
    findByCart: (cart) => findByCart(sql, cart),
    async findNewest(userId) {
      const where = 'o.user_id = $1::uuid and o.cart_id is not null order by o.id desc limit 1'
      const [row] = await selectOrders(sql, where, userId)
      return row && fromRow(row)
    },
    takeBack: (carts) => takeBack(sql, carts),
    async untoldSince(before, limit) {
      const rows = await sql.$queryRawUnsafe<{ readonly id: OrderId }[]>(
        `(select id, updated_at from orders.orders where awaiting_cart and updated_at < $1 order by updated_at limit $2)
         union
         (select id, updated_at from orders.orders where first_payment is not null and status = 'confirmed'
           and updated_at < $1 order by updated_at limit $2)
         order by updated_at limit $2`,
        ...[before, limit],
      )
      return rows.map(({ id }) => id)
    },
    markTold: ({ id, revision }) => markTold({ id, revision }),
    markBegun: (id, paymentId) => markBegun({ id, paymentId }),
  }
}

async function addAll(sql: Sql, adds: readonly Add[]): Promise<readonly (Bought | undefined)[]> {
  const firsts = firstOfEach(adds)
  const events = firsts.flatMap(({ change, trace }) =>
    change.events.map((event) => encodeOrderEvent(event, trace)),
  )
  const orders = firsts.map(({ change }) => change.state)
  const added = await retryContention(() => insertCheckouts(sql, orders, events))
  return Promise.all(
    adds.map(async (add): Promise<Bought | undefined> => {
      const order = add.change.state
      if (firsts.includes(add) && added.has(order.id)) return { order, isNew: true }
      const earlier = order.terms && (await findByCart(sql, cartOf(order.terms.cart)))
      return earlier && { order: earlier, isNew: false }
    }),
  )
}

/** Requests' keys are stored in the transaction of their orders. A key that is there fails all, and then its own alone. */
const addWithKeys = (sql: PoolSql, adds: readonly Add[]): Promise<readonly (Bought | undefined)[]> =>
  adds.every(({ once }) => once === undefined)
    ? addAll(sql, adds)
    : sql.transaction(async (tx) => {
        const bought = await addAll(tx, adds)
        const keys = adds.flatMap(({ once }, index) => {
          const id = bought[index]?.order.id
          return once && id ? [{ once, thing: id }] : []
        })
        await claimKeys(tx, 'orders', keys)
        return bought
      })

/** The account is locked meanwhile. */
const addBounded = (sql: PoolSql, add: Add, maxUnpaidUnits: number): Promise<Bought | undefined> =>
  sql.transaction(async (tx) => {
    const [refusal] = await refuseUnpaid(tx, [add.change.state], maxUnpaidUnits)
    if (refusal) throw refusal
    const [bought] = await addAll(tx, [add])
    if (bought) await claimKey(tx, 'orders', add.once, bought.order.id)
    return bought
  })

async function markAllTold(sql: Sql, orders: readonly Seen[]): Promise<readonly undefined[]> {
  await sql.$executeRawUnsafe(
    `update orders.orders o set awaiting_cart = false from unnest($1::uuid[], $2::int[]) as s (id, revision)
     where o.id = s.id and o.revision = s.revision and o.awaiting_cart`,
    orders.map(({ id }) => id),
    orders.map(({ revision }) => revision),
  )
  return orders.map(() => undefined)
}

async function markAllBegun(sql: Sql, begun: readonly Begun[]): Promise<readonly undefined[]> {
  await sql.$executeRawUnsafe(
    `update orders.orders o set first_payment = null from unnest($1::uuid[], $2::text[]) as b (id, payment_id)
     where o.id = b.id and o.first_payment ->> 'id' = b.payment_id`,
    begun.map(({ id }) => id),
    begun.map(({ paymentId }) => paymentId),
  )
  return begun.map(() => undefined)
}

const cartOf = ({ id, version }: { readonly id: CartVersion['cartId']; readonly version: number }) => ({
  cartId: id,
  version,
})

/**
 * A version that stands in a batch twice is stored for the first, with its events; the second finds it. Both have the id
 * that the cart's lock has given.
 */
function firstOfEach(adds: readonly Add[]): readonly Add[] {
  const seen = new Set<string>()
  return adds.filter(({ change }) => {
    const { terms } = change.state
    const cart = `${terms?.cart.id ?? ''} ${terms?.cart.version ?? 0}`
    return !seen.has(cart) && seen.add(cart)
  })
}

async function refusingSecond<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (err) {
    if (sqlState(err) !== '23505') throw err
    throw anotherOrderLives()
  }
}

async function findByCart(sql: Sql, { cartId, version }: CartVersion): Promise<Order | undefined> {
  const where = `o.id = (select order_id from orders.checkouts where cart_id = $1::uuid and cart_version = $2)`
  const [row] = await selectOrders(sql, where, cartId, version)
  return row && fromRow(row)
}

async function takeBack(
  sql: PoolSql,
  carts: readonly CartVersion[],
): Promise<readonly (OrderStatus | undefined)[]> {
  if (carts.length === 0) return []
  const columns = [carts.map(({ cartId }) => cartId), carts.map(({ version }) => version)]
  await sql.$executeRawUnsafe(
    `insert into orders.checkouts (cart_id, cart_version)
     select * from unnest($1::uuid[], $2::int[]) order by 1 on conflict do nothing`,
    ...columns,
  )
  // A statement of its own: whoever was first may have committed only now.
  const rows = await sql.$queryRawUnsafe<{ readonly status: OrderStatus | null }[]>(
    `select o.status from unnest($1::uuid[], $2::int[]) with ordinality as c(cart_id, version, place)
       join orders.checkouts k on k.cart_id = c.cart_id and k.cart_version = c.version
       left join orders.orders o on o.id = k.order_id
     order by c.place`,
    ...columns,
  )
  return rows.map(({ status }) => status ?? undefined)
}
