import { StockLowSchema } from '../../../gen/inventory/v1/events_pb.ts'
import type { Trace } from '../../../platform/call.ts'
import type { Sql } from '../../../platform/database.ts'
import { eventType } from '../../../platform/event.ts'
import { appendToOutbox, outboxEvent } from '../../../platform/outbox.ts'
import type { ProductId } from '../../domain/ids.ts'

const stockLow = eventType(StockLowSchema)

export type Low = { readonly productId: ProductId; readonly available: number; readonly trace: Trace }

/**
 * Orders that come and go may cross the limit many times a day, so this is the guard: a product is told of again on the
 * next day, or after its stock was adjusted.
 */
const noteSql = `
  insert into inventory.low_stock as l (product_id, version, is_told, created_at, updated_at)
  select product_id, 1, true, $2::timestamptz, $2::timestamptz from unnest($1::uuid[]) as fallen (product_id)
  order by product_id
  on conflict (product_id) do update set version = l.version + 1, is_told = true, updated_at = $2::timestamptz
  where not l.is_told or l.updated_at <= $2::timestamptz - interval '1 day'
  returning l.product_id as "productId", l.version,
    (select sku from inventory.products p where p.id = l.product_id) as sku`

type Noted = { readonly productId: ProductId; readonly version: number; readonly sku: string }

/** In the transaction that took the units, which has locked the stock. Nearly always there is nothing to tell. */
export async function tellLowStock(
  tx: Pick<Sql, '$queryRawUnsafe' | '$executeRawUnsafe'>,
  low: readonly Low[],
  at: Date,
): Promise<void> {
  if (low.length === 0) return
  const ids = low.map(({ productId }) => productId)
  const noted = await tx.$queryRawUnsafe<readonly Noted[]>(noteSql, ids, at)
  const events = noted.flatMap(({ productId, version, sku }) => {
    const found = low.find((each) => each.productId === productId)
    if (!found) return []
    const fact = {
      ...{ aggregateType: 'low-stock', aggregateId: productId, aggregateVersion: version, occurredAt: at },
      data: { productId, sku, available: found.available },
    }
    return [outboxEvent(stockLow, fact, found.trace)]
  })
  await appendToOutbox(tx, events)
}

/** Stock was adjusted to as much as the shop wants to have: when it falls again, that is told. */
export async function tellAgain(tx: Pick<Sql, '$executeRawUnsafe'>, productId: ProductId): Promise<void> {
  await tx.$executeRawUnsafe(
    'update inventory.low_stock set is_told = false where product_id = $1::uuid and is_told',
    productId,
  )
}
