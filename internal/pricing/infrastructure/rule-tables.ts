import type { Prisma } from './db/client.ts'
import type { RuleTable } from './prisma-rules.ts'
import type { PromotionRow, ShippingMethodRow, TaxRateRow } from './rule-rows.ts'

type Db = Prisma.TransactionClient

/** Newest first: the ids begin with the time. */
const pageOf = (limit: number, before: string | undefined) =>
  ({
    where: { deletedAt: null, ...(before !== undefined && { id: { lt: before } }) },
    orderBy: { id: 'desc' },
    take: limit,
  }) as const

const lockIn = (table: string): string => `select 1 from pricing.${table} where id = $1::uuid for update`

export const shippingMethodTable: RuleTable<ShippingMethodRow> = {
  find: (db: Db, id) => db.shippingMethod.findUnique({ where: { id } }),
  page: (db, limit, before) => db.shippingMethod.findMany(pageOf(limit, before)),
  insert: (db, data) => db.shippingMethod.create({ data }),
  replace: (db, data) => db.shippingMethod.update({ where: { id: data.id }, data }),
  lockSql: lockIn('shipping_methods'),
}

export const taxRateTable: RuleTable<TaxRateRow> = {
  find: (db: Db, id) => db.taxRate.findUnique({ where: { id } }),
  page: (db, limit, before) => db.taxRate.findMany(pageOf(limit, before)),
  insert: (db, data) => db.taxRate.create({ data }),
  replace: (db, data) => db.taxRate.update({ where: { id: data.id }, data }),
  lockSql: lockIn('tax_rates'),
}

export const promotionTable: RuleTable<PromotionRow> = {
  find: (db: Db, id) => db.promotion.findUnique({ where: { id } }),
  page: (db, limit, before) => db.promotion.findMany(pageOf(limit, before)),
  insert: (db, data) => db.promotion.create({ data }),
  replace: (db, data) => db.promotion.update({ where: { id: data.id }, data }),
  lockSql: lockIn('promotions'),
}
