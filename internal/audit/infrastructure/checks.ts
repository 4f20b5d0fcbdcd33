import { accountChecks } from './account-sql.ts'
import { analyticsChecks } from './analytics-sql.ts'
import { cartChecks, cartEventChecks } from './cart-sql.ts'
import { categoryChecks } from './category-sql.ts'
import { sqlCheck, type AuditCheck, type SqlCheck } from './check.ts'
import { checkoutChecks } from './checkout-sql.ts'
import { erasureChecks } from './erasure-sql.ts'
import { fulfilmentChecks } from './fulfilment-sql.ts'
import { gateChecks } from './gate-sql.ts'
import { imageChecks } from './image-files.ts'
import { notificationChecks } from './notification-sql.ts'
import { orderMoneyChecks } from './order-money-sql.ts'
import { orderChecks, orderGroupChecks } from './order-sql.ts'
import { outboxChecks } from './outbox-sql.ts'
import { paymentChecks } from './payment-sql.ts'
import { pricingChecks } from './pricing-sql.ts'
import { receiptChecks } from './receipt-sql.ts'
import { searchChecks } from './search-sql.ts'
import { stockChecks } from './stock-sql.ts'

const deadLetterChecks: readonly SqlCheck[] = [
  {
    names: ['dead-letters-once'],
    needs: ['consumer'],
    checked: `select count(*) from consumer.dead_letters`,
    offenders: `
      select 'dead-letters-once', subscription || ' gave up ' || count(*) || ' times on ' || message_key
      from consumer.dead_letters group by subscription, message_key having count(*) > 1`,
  },
]

/** In the order in which they are told. */
export const auditChecks: readonly AuditCheck[] = [
  ...orderGroupChecks,
  ...[
    ...orderChecks,
    ...fulfilmentChecks,
    ...stockChecks,
    ...categoryChecks,
    ...searchChecks,
    ...imageChecks,
    ...pricingChecks,
    ...cartChecks,
    ...checkoutChecks,
    ...paymentChecks,
    ...orderMoneyChecks,
    ...gateChecks,
    ...receiptChecks,
    ...accountChecks,
    ...erasureChecks,
    ...notificationChecks,
    ...analyticsChecks,
    ...outboxChecks,
    ...cartEventChecks,
    ...deadLetterChecks,
  ].map(sqlCheck),
]
