import type { Sql } from '../../platform/database.ts'
import { bareColumn, jsonArray, jsonColumn } from '../../platform/sql-columns.ts'
import type {
  CustomerCount,
  HoldReference,
  HoldStatus,
  OrderId,
  Redeemable,
  RefusedPromotion,
} from '../domain/redemption.ts'
import type { PromotionId } from '../domain/rules.ts'

// Locks are taken in one order everywhere: holds by (order, number), then promotions by id.

export type StoredHold = HoldReference & {
  readonly status: HoldStatus
  readonly refused: readonly RefusedPromotion[] | null
}

const orderIds = (holds: readonly HoldReference[]): readonly OrderId[] => holds.map(({ orderId }) => orderId)
const numbers = (holds: readonly HoldReference[]): readonly number[] => holds.map(({ hold }) => hold)

/** Inserts holds that nobody has decided yet, and returns those. Waits for others who insert the same. */
export async function claimHolds(
  tx: Sql,
  holds: readonly HoldReference[],
  status: 'held' | 'released',
  at: Date,
): Promise<readonly HoldReference[]> {
  return tx.$queryRawUnsafe<HoldReference[]>(
    `insert into pricing.redemption_holds (order_id, hold, status, created_at, updated_at)
     select order_id, hold, $3, $4::timestamptz, $4::timestamptz
     from unnest($1::uuid[], $2::int[]) as asked (order_id, hold) order by order_id, hold
     on conflict do nothing
     returning order_id as "orderId", hold`,
    ...[orderIds(holds), numbers(holds), status, at],
  )
}

/** A statement of its own: what the claim has waited for is not in the claim's snapshot. */
export async function lockHolds(tx: Sql, holds: readonly HoldReference[]): Promise<readonly StoredHold[]> {
  return tx.$queryRawUnsafe<StoredHold[]>(
    `select order_id as "orderId", hold, status, refused from pricing.redemption_holds
     where order_id = any ($1::uuid[]) and (order_id, hold) in (select * from unnest($1::uuid[], $2::int[]))
     order by order_id, hold for update`,
    ...[orderIds(holds), numbers(holds)],
  )
}

/** Deleted ones too. */
export async function lockPromotions(tx: Sql, ids: readonly PromotionId[]): Promise<readonly Redeemable[]> {
  type Row = Omit<Redeemable, 'code' | 'limit' | 'limitPerCustomer'> & {
    readonly code: string | null
    readonly limit: number | null
    readonly limitPerCustomer: number | null
  }
  const rows = await tx.$queryRawUnsafe<Row[]>(
    `select id, code, redemption_limit as limit, customer_limit as "limitPerCustomer", redeemed
     from pricing.promotions where id = any ($1::uuid[]) order by id for update`,
    ids,
  )
  return rows.map(({ code, limit, limitPerCustomer, ...row }) => ({
    ...row,
    ...{
      code: code ?? undefined,
      limit: limit ?? undefined,
      limitPerCustomer: limitPerCustomer ?? undefined,
    },
  }))
}

/** Ask after the promotions are locked: then nobody else adds to the counts. */
export async function countByCustomer(
  tx: Sql,
  promotions: readonly PromotionId[],
  customerKeys: readonly string[],
): Promise<readonly CustomerCount[]> {
  if (promotions.length === 0 || customerKeys.length === 0) return []
  return tx.$queryRawUnsafe<CustomerCount[]>(
    `select promotion_id as "promotionId", customer_key as "customerKey", count(*)::int as count
     from pricing.redemptions where promotion_id = any ($1::uuid[]) and customer_key = any ($2::text[])
     group by promotion_id, customer_key`,
    ...[promotions, customerKeys],
  )
}

export type NewRedemption = HoldReference & {
  readonly promotionId: PromotionId
  readonly customerKey: string | undefined
  readonly customerLimit: number | undefined
}

export async function storeRedemptions(tx: Sql, redemptions: readonly NewRedemption[]): Promise<void> {
  if (redemptions.length === 0) return
  await tx.$executeRawUnsafe(
    `with counted as (
       update pricing.promotions set redeemed = redeemed + added.count
       from (select promotion_id, count(*)::int as count from unnest($3::uuid[]) as promotion_id group by 1) added
       where promotions.id = added.promotion_id
     )
     insert into pricing.redemptions (order_id, hold, promotion_id, customer_key, customer_limit)
     select * from unnest($1::uuid[], $2::int[], $3::uuid[], $4::text[], $5::int[])`,
    orderIds(redemptions),
    numbers(redemptions),
    redemptions.map(({ promotionId }) => promotionId),
    redemptions.map(({ customerKey }) => customerKey ?? null),
    redemptions.map(({ customerLimit }) => customerLimit ?? null),
  )
}

export type RefusedHold = HoldReference & { readonly refused: readonly RefusedPromotion[] }

export async function storeRefusals(tx: Sql, holds: readonly RefusedHold[]): Promise<void> {
  if (holds.length === 0) return
  await tx.$executeRawUnsafe(
    `update pricing.redemption_holds set status = 'refused', refused = no.refused
     from unnest($1::uuid[], $2::int[], ${jsonArray(3)}::jsonb[]) as no (order_id, hold, refused)
     where redemption_holds.order_id = no.order_id and redemption_holds.hold = no.hold`,
    bareColumn(holds, ({ orderId }) => orderId),
    bareColumn(holds, ({ hold }) => hold),
    jsonColumn(holds, ({ refused }) => refused),
  )
}

/** The promotions that the holds have redeemed, in ascending order, locked. */
export async function lockRedeemed(tx: Sql, holds: readonly HoldReference[]): Promise<void> {
  await tx.$executeRawUnsafe(
    `select 1 from pricing.promotions where id = any (array(
       select promotion_id from pricing.redemptions
       where order_id = any ($1::uuid[]) and (order_id, hold) in (select * from unnest($1::uuid[], $2::int[]))))
     order by id for update`,
    ...[orderIds(holds), numbers(holds)],
  )
}

/** The limits that the redemptions have taken up are free again. */
export async function returnRedemptions(tx: Sql, holds: readonly HoldReference[]): Promise<void> {
  await tx.$executeRawUnsafe(
    `with gone as (
       delete from pricing.redemptions
       where order_id = any ($1::uuid[]) and (order_id, hold) in (select * from unnest($1::uuid[], $2::int[]))
       returning promotion_id
     )
     update pricing.promotions set redeemed = redeemed - returned.count
     from (select promotion_id, count(*)::int as count from gone group by promotion_id) returned
     where promotions.id = returned.promotion_id`,
    ...[orderIds(holds), numbers(holds)],
  )
}

export async function storeStatus(
  tx: Sql,
  holds: readonly HoldReference[],
  status: 'released' | 'confirmed',
  at: Date,
): Promise<void> {
  await tx.$executeRawUnsafe(
    `update pricing.redemption_holds set status = $3, updated_at = $4::timestamptz
     where order_id = any ($1::uuid[]) and (order_id, hold) in (select * from unnest($1::uuid[], $2::int[]))`,
    ...[orderIds(holds), numbers(holds), status, at],
  )
}
