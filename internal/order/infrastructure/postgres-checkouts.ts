import type { Once, Trace } from '../../platform/call.ts'
import { isDatabaseOutage, retryContention, sqlState, type Sql } from '../../platform/database.ts'
import { failpoint } from '../../platform/failpoint.ts'
import { groupCommit } from '../../platform/group-commit.ts'
import { claimKey } from '../../platform/idempotency-keys.ts'
import type { WakeProducer } from '../../platform/outbox.ts'
import type { PoolSql } from '../../platform/pool-sql.ts'
import { anotherOrderLives, type Bought, type CartVersion, type Checkouts } from '../application/checkouts.ts'
import type { Order, OrderChange, OrderId, OrderStatus } from '../domain/order.ts'
import { insertCheckouts } from './insert-checkouts.ts'
import { encodeOrderEvent } from './order-json.ts'
import { fromRow, selectOrders } from './order-rows.ts'
import type { RememberedOrders } from './remembered-orders.ts'
import { refuseUnpaid } from './unpaid-units.ts'

type Add = { readonly change: OrderChange; readonly trace: Trace }

type Deps = {
  readonly sql: PoolSql
  readonly wakeProducer: WakeProducer
  readonly remembered: RememberedOrders
  readonly maxUnpaidUnits?: number | undefined
}

export function postgresCheckouts(deps: Deps): Checkouts {
  const { sql, wakeProducer, remembered, maxUnpaidUnits } = deps
  const together = groupCommit((adds: readonly Add[]) => addAll(sql, adds), {
    ...{ maxBatch: 200, inFlight: 2, isOutage: isDatabaseOutage },
  })
  return {
    async add(change, trace, once) {
      const isAlone =
        once !== undefined || (maxUnpaidUnits !== undefined && change.state.userId !== undefined)
      const bought = await refusingSecond(() =>
        isAlone ? addAlone(deps, { change, trace }, once) : together({ change, trace }),
      )
      failpoint('commit-wake')
      if (bought?.isNew) {
        remembered.remember(bought.order)
        wakeProducer()
      }
      return bought
    },
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
    async markTold({ id, revision }) {
      await sql.$executeRawUnsafe(
        'update orders.orders set awaiting_cart = false where id = $1::uuid and revision = $2 and awaiting_cart',
        ...[id, revision],
      )
    },
    async markBegun(id, paymentId) {
      await sql.$executeRawUnsafe(
        `update orders.orders set first_payment = null where id = $1::uuid and first_payment ->> 'id' = $2`,
        ...[id, paymentId],
      )
    },
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

/** With the bound of the account, or with the request's key, in the transaction of the order. */
const addAlone = (
  { sql, maxUnpaidUnits }: Deps,
  add: Add,
  once: Once | undefined,
): Promise<Bought | undefined> =>
  sql.transaction(async (tx) => {
    const order = add.change.state
    const [refusal] =
      maxUnpaidUnits === undefined || !order.userId ? [] : await refuseUnpaid(tx, [order], maxUnpaidUnits)
    if (refusal) throw refusal
    const [bought] = await addAll(tx, [add])
    if (bought) await claimKey(tx, 'orders', once, bought.order.id)
    return bought
  })

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
