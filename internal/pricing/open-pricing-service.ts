import type { PricingService } from '../gen/pricing/v1/pricing_pb.ts'
import { UserErasedSchema } from '../gen/user/v1/events_pb.ts'
import { databaseHealth } from '../platform/database-health.ts'
import { erasing, type ErasureCalls } from '../platform/erasure.ts'
import { eventType } from '../platform/event.ts'
import { openPool, prismaAdapter, type DatabaseOptions } from '../platform/database.ts'
import type { Log } from '../platform/log.ts'
import { newId } from '../platform/new-id.ts'
import { poolSql } from '../platform/pool-sql.ts'
import { reactionRpc } from '../platform/reaction.ts'
import type { Scope } from '../platform/run.ts'
import type { Handlers, Health } from '../platform/service.ts'
import type { Opened } from '../platform/service-definition.ts'
import { pricingApp } from './application/pricing-app.ts'
import { codeTaken, promotionNotFound } from './domain/promotion.ts'
import { shippingMethodNotFound } from './domain/shipping-method.ts'
import { taxRateNotFound, taxRateTaken } from './domain/tax-rate.ts'
import { eraseCustomerKeys } from './infrastructure/erase-people.ts'
import { PrismaClient } from './infrastructure/db/client.ts'
import { postgresRedemptions } from './infrastructure/postgres-redemptions.ts'
import { pricingRpc } from './infrastructure/pricing-rpc.ts'
import { prismaQuoteRules } from './infrastructure/prisma-quote-rules.ts'
import { prismaRules } from './infrastructure/prisma-rules.ts'
import {
  promotionOf,
  promotionRow,
  shippingMethodOf,
  shippingMethodRow,
  taxRateOf,
  taxRateRow,
} from './infrastructure/rule-rows.ts'
import { promotionTable, shippingMethodTable, taxRateTable } from './infrastructure/rule-tables.ts'

export type PricingOptions = {
  readonly log: Log
  readonly database: DatabaseOptions
  /** ISO 4217: what the amounts of new rules are in. */
  readonly currency: string
  readonly pricesIncludeTax: boolean
  readonly user: ErasureCalls
}

export type Pricing = {
  readonly handlers: Handlers<typeof PricingService>
  readonly health: Health
  readonly reactions: Required<Opened>['reactions']
}

/** Connects with the first request. */
export async function openPricingService(scope: Scope, options: PricingOptions): Promise<Pricing> {
  const { log, database, currency, pricesIncludeTax } = options
  const pool = openPool(scope, log, database)
  const db = new PrismaClient({
    adapter: prismaAdapter(pool),
    // PostgreSQL's own statement timeout comes first, and says why.
    transactionOptions: { timeout: 3 * database.statementTimeoutMs },
  })
  scope.onClose('pricing prisma', () => db.$disconnect())
  const sql = poolSql(pool)
  const erased = eventType(UserErasedSchema)
  const people = erasing({ context: 'pricing', erased, user: options.user, erase: eraseCustomerKeys(sql) })
  const app = pricingApp({
    ...storesOf(db),
    rules: prismaQuoteRules(db, sql),
    redemptions: postgresRedemptions(sql),
    newId,
    now: () => new Date(),
    ...{ currency, pricesIncludeTax },
  })
  return {
    handlers: pricingRpc(app),
    reactions: reactionRpc(people.reactions, people.sweep),
    health: databaseHealth('pricing', () => db.$queryRawUnsafe('select 1')),
  }
}

function storesOf(db: PrismaClient) {
  return {
    shippingMethods: prismaRules(db, {
      name: 'shipping-method',
      table: shippingMethodTable,
      toRow: shippingMethodRow,
      fromRow: shippingMethodOf,
      notFound: shippingMethodNotFound,
      taken: shippingMethodNotFound, // only its id is unique, which is made anew
    }),
    taxRates: prismaRules(db, {
      name: 'tax-rate',
      table: taxRateTable,
      toRow: taxRateRow,
      fromRow: taxRateOf,
      notFound: taxRateNotFound,
      taken: taxRateTaken,
    }),
    promotions: prismaRules(db, {
      name: 'promotion',
      table: promotionTable,
      toRow: promotionRow,
      fromRow: promotionOf,
      notFound: promotionNotFound,
      taken: codeTaken,
    }),
  }
}
