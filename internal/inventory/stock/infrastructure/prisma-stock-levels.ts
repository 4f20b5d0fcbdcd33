import type { Act } from '../../../platform/act.ts'
import { recordActs } from '../../../platform/activity.ts'
import { retryContention, type Sql } from '../../../platform/database.ts'
import {
  outboxCtes,
  outboxParameters,
  type OutboxEvent,
  type WakeProducer,
} from '../../../platform/outbox.ts'
import type { StockLevel, StockLevels } from '../application/stock-levels.ts'
import { productNotFound } from '../../domain/product-not-found.ts'
import type { Adjustment, Earlier, Stock } from '../domain/stock.ts'
import type { PrismaClient } from '../../infrastructure/db/client.ts'
import { fallenBelow } from '../domain/low-stock.ts'
import { tellAgain, tellLowStock } from './low-stock.ts'
import { encodeStockAdjusted } from './stock-events.ts'

/** `lowUnits`: below so many, stock is low; without it nothing is told. */
export function prismaStockLevels(db: PrismaClient, wakeProducer: WakeProducer, lowUnits = 0): StockLevels {
  return {
    async adjust(adjustment, decide, at, trace) {
      const adjusted = await retryContention(() =>
        db.$transaction(async (tx) => {
          const stock = await lockStock(tx, adjustment)
          // After the lock: whoever used the key before has committed by now.
          const earlier = await findEarlier(tx, adjustment)
          const { state, events } = decide(stock, earlier)
          const outbox = events.map((event) => encodeStockAdjusted(event, at, trace))
          if (events.length > 0) {
            await store(tx, state, adjustment, outbox, at)
            await recordActs(tx, trace, [actOf(stock, state, adjustment)])
            const { productId, available } = state
            const before = new Map([[productId, stock.available]])
            const fallen = fallenBelow(lowUnits, before, [[productId, available]])
            await tellLowStock(
              tx,
              fallen.map(() => ({ productId, available, trace })),
              at,
            )
            if (lowUnits > 0 && available >= lowUnits) await tellAgain(tx, productId)
          }
          return { available: state.available, isReplay: earlier !== undefined }
        }),
      )
      wakeProducer()
      return adjusted
    },
    async low({ atMost, limit, after = { productId: nilUuid, available: -1 } }) {
      const values = [atMost, after.available, after.productId, limit + 1]
      const found = await db.$queryRawUnsafe<StockLevel[]>(lowSql, ...values)
      return { levels: found.slice(0, limit), hasMore: found.length > limit }
    },
  }
}

const nilUuid = '00000000-0000-0000-0000-000000000000'

/** No index helps here, because one on the units would have to be changed with each order. */
const lowSql = `
  select s.product_id as "productId", s.available
  from inventory.stock s join inventory.products p on p.id = s.product_id and p.deleted_at is null
  where s.available <= $1::int and (s.available, s.product_id) > ($2::int, $3::uuid)
  order by s.available, s.product_id limit $4::int`

const actOf = (before: Stock, after: Stock, { productId, reason }: Adjustment): Act => ({
  ...{ what: 'stock.adjusted', subjectId: productId, reason },
  before: { available: before.available },
  after: { available: after.available },
})

async function lockStock(tx: Sql, { productId }: Adjustment): Promise<Stock> {
  const [stock] = await tx.$queryRawUnsafe<Stock[]>(
    `select s.product_id as "productId", s.available, s.adjustments
     from inventory.stock s join inventory.products p on p.id = s.product_id and p.deleted_at is null
     where s.product_id = $1::uuid for update of s`,
    productId,
  )
  if (!stock) throw productNotFound()
  return stock
}

/** Earlier versions have stored the key as it was given; a request of theirs may be repeated for a day. */
const earlierSql = `
  select quantity, coalesce(reason, '') as reason from inventory.stock_movements
  where product_id = $1::uuid
    and (idempotency_key = $2 or (idempotency_key = $3 and at > now() - interval '1 day'))`

async function findEarlier(
  tx: Sql,
  { productId, idempotencyKey, givenKey }: Adjustment,
): Promise<Earlier | undefined> {
  if (idempotencyKey === undefined) return undefined
  const values = [productId, idempotencyKey, givenKey ?? null]
  return (await tx.$queryRawUnsafe<Earlier[]>(earlierSql, ...values))[0]
}

const storeSql = `
  with stock as (
    update inventory.stock set available = $2::int, adjustments = $3::int where product_id = $1::uuid
  ), ledger as (
    insert into inventory.stock_movements (product_id, kind, quantity, reason, idempotency_key, at)
    values ($1::uuid, $4, $5::int, $6, $7, $8::timestamptz)
  ), ${outboxCtes(9)} select 1`

async function store(
  tx: Sql,
  stock: Stock,
  { quantity, reason, idempotencyKey }: Adjustment,
  events: readonly OutboxEvent[],
  at: Date,
): Promise<void> {
  const kind = quantity > 0 ? 'restock' : 'adjustment'
  const movement = [kind, quantity, reason, idempotencyKey ?? null, at]
  await tx.$executeRawUnsafe(
    storeSql,
    ...[stock.productId, stock.available, stock.adjustments],
    ...movement,
    ...outboxParameters(events),
  )
}
