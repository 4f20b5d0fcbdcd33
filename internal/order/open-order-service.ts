import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import type { InventoryService } from '../gen/inventory/v1/inventory_pb.ts'
import type { OrderService } from '../gen/order/v1/order_pb.ts'
import { UserErasedSchema } from '../gen/user/v1/events_pb.ts'
import { openPool, prismaAdapter, type DatabaseOptions } from '../platform/database.ts'
import type { Log } from '../platform/log.ts'
import { eventType } from '../platform/event.ts'
import { newId } from '../platform/new-id.ts'
import { toRefusal } from '../platform/outage.ts'
import { erasing, type ErasureCalls } from '../platform/erasure.ts'
import type { WakeProducer } from '../platform/outbox.ts'
import { poolSql } from '../platform/pool-sql.ts'
import { reactionRpc, sweepBoth } from '../platform/reaction.ts'
import type { Scope } from '../platform/run.ts'
import type { Handlers } from '../platform/service.ts'
import type { Opened } from '../platform/service-definition.ts'
import { bookReturnedGoods } from './application/book-returned-goods.ts'
import { checkout } from './application/checkout.ts'
import { creditGoods } from './application/credit-goods.ts'
import { followUp } from './application/follow-up.ts'
import { reapLocks } from './application/reap-locks.ts'
import { reopenCart } from './application/reopen-cart.ts'
import { cancelOrder, changeOrderStatus } from './application/change-orders.ts'
import { expireOrders, resumeClosing } from './application/close-orders.ts'
import { hasOpenOrders } from './application/open-orders.ts'
import { placeOrder } from './application/place-order.ts'
import { issueReceipts, listOrderReceipts, sweepReceipts } from './application/issue-receipts.ts'
import { capturePacked } from './application/capture-packed.ts'
import { claimOrders } from './application/claim-orders.ts'
import { closeEndedOrders } from './application/close-ended-orders.ts'
import { keepMoney } from './application/keep-money.ts'
import { assignMoney, listOrderPayments, listPaymentsOfOrders, payOrder } from './application/pay-orders.ts'
import { getOrder, listOrders } from './application/read-orders.ts'
import { recordShipped } from './application/record-shipped.ts'
import { releaseCanceledOrders, releaseUnneeded } from './application/release-canceled-orders.ts'
import { reviveOrders, reviveWithLateMoney } from './application/revive-orders.ts'
import { resendShipment, resumeResending } from './application/resend-shipments.ts'
import { changeReturn, listReturns, requestReturn } from './application/return-goods.ts'
import { settleCreatedOrders } from './application/settle-created-orders.ts'
import {
  changeShipment,
  createShipment,
  listShipmentsOfOrders,
  trackOrder,
} from './application/ship-orders.ts'
import { sweepOrders } from './application/sweep-orders.ts'
import type { OrderId } from './domain/order.ts'
import type { ReturnId } from './domain/goods-back.ts'
import type { ShipmentId } from './domain/parcel.ts'
import type { PaymentId } from './domain/terms.ts'
import { shoppersCarts, type CartCalls } from './infrastructure/cart-ports.ts'
import { followUpSoon } from './infrastructure/follow-up-soon.ts'
import { postgresCheckouts } from './infrastructure/postgres-checkouts.ts'
import { pricingPrices, type PricingCalls } from './infrastructure/pricing-ports.ts'
import { rememberOrders } from './infrastructure/remembered-orders.ts'
import { PrismaClient } from './infrastructure/db/client.ts'
import { holdBack } from './infrastructure/hold-back.ts'
import { inventoryCatalog, inventoryStock } from './infrastructure/inventory-ports.ts'
import { orderHealth } from './infrastructure/order-health.ts'
import { orderReactions, type OrderReactions } from './infrastructure/order-reactions.ts'
import { orderRpc } from './infrastructure/order-rpc.ts'
import { paymentGates, paymentTill, type PaymentCalls } from './infrastructure/payment-ports.ts'
import { guestOrders } from './infrastructure/guest-orders.ts'
import { eraseBuyers, openOrders } from './infrastructure/people.ts'
import { postgresOrderFiles } from './infrastructure/postgres-order-files.ts'
import { prismaOrders } from './infrastructure/prisma-orders.ts'
import { paymentReceipts } from './infrastructure/receipt-ports.ts'

export type OrderServiceOptions = {
  readonly log: Log
  readonly database: DatabaseOptions
  readonly inventory: Handlers<typeof InventoryService>
  readonly payment: PaymentCalls
  readonly cart: CartCalls
  readonly pricing: PricingCalls
  readonly user: ErasureCalls
  readonly wakeProducer: WakeProducer
  /** How long stock is held for orders that nobody pays for; undefined: without an end. */
  readonly holdSeconds?: number | undefined
  /** How long stock is held for a checkout's payment, and counted from the checkout for whoever is at a provider's page. */
  readonly paymentHoldSeconds: number
  readonly actionHoldSeconds: number
  /** The same for what is paid outside of providers; undefined: without an end. */
  readonly offlineHoldSeconds?: number | undefined
  /** How long consumers may withdraw after all of their goods have arrived; 0: not at all. */
  readonly withdrawalDays: number
  /** The most unpaid units of an account; undefined: without a bound. */
  readonly maxUnpaidUnits?: number | undefined
}

/**
 * Three times as many as 64 customers who never pause leave undecided; they are settled within half a second
 * (docs/adr/0013).
 */
const holdBackLimits = { undecided: 1_024, forgottenAfterMs: 1_000 }

const isOutage = (err: unknown): boolean => toRefusal(err).kind === 'unavailable'

/** Wires the order service. Only this function knows which adapter implements which port. */
export function openOrderService(
  scope: Scope,
  options: OrderServiceOptions,
): Required<Pick<Opened<typeof OrderService>, 'handlers' | 'health' | 'reactions'>> {
  const { log, database } = options
  const pool = openPool(scope, log, database)
  const db = new PrismaClient({ adapter: prismaAdapter(pool) })
  scope.onClose('order prisma', () => db.$disconnect())
  const deps = depsOf(scope, options, pool, db)
  const erased = eventType(UserErasedSchema)
  const people = erasing({ context: 'order', erased, user: options.user, erase: eraseBuyers(poolSql(pool)) })
  const work = { place: placeOrder(deps), settle: settleCreatedOrders(deps) }
  const { place, settle, counted } = holdBack(work, holdBackLimits)
  const shrink = releaseUnneeded(deps)
  const book = bookReturnedGoods(deps)
  const release = releaseCanceledOrders(deps)
  const credit = creditGoods(deps)
  const issue = issueReceipts(deps)
  const report = (err: unknown): void => log.warn({ err }, 'some overdue orders could not be handled')
  const sweep = sweepOrders({
    ...{ ...deps, settle, release: shrink, book, credit, isOutage, report },
    ...{ record: recordShipped(deps), resume: resumeClosing(deps), resend: resumeResending(deps) },
    ...{ expire: expireOrders(deps), revive: reviveOrders(deps), reap: reapLocks(deps) },
  })
  return {
    handlers: orderRpc({
      placeOrder: place,
      getOrder: getOrder(deps),
      listOrders: listOrders(deps),
      hasOpenOrders: hasOpenOrders({ openOrders: openOrders(poolSql(pool)) }),
      claimOrders: claimOrders({ ...deps, guestOrders: guestOrders(poolSql(pool)) }),
      cancelOrder: cancelOrder(deps),
      changeOrderStatus: changeOrderStatus(deps),
      createShipment: createShipment(deps),
      ...{ changeShipment: changeShipment(deps), resendShipment: resendShipment(deps) },
      trackOrder: trackOrder(deps),
      listShipmentsOfOrders: listShipmentsOfOrders(deps),
      ...{ requestReturn: requestReturn(deps), changeReturn: changeReturn(deps) },
      listReturns: listReturns(deps),
      payOrder: payOrder(deps),
      listOrderPayments: listOrderPayments(deps),
      listPaymentsOfOrders: listPaymentsOfOrders(deps),
      checkout: counted(checkout(deps)),
      reopenCart: reopenCart(deps),
      assignMoney: assignMoney(deps),
      listOrderReceipts: listOrderReceipts(deps),
    }),
    reactions: reactionRpc(
      {
        ...reactionsOf(deps, { settle, release, shrink, book, credit, issue }),
        ...people.reactions,
      },
      sweepBoth(sweepBoth(sweep, sweepReceipts({ ...deps, issue, isOutage, report })), people.sweep),
    ),
    health: orderHealth(() => db.$queryRawUnsafe('select 1'), deps.orders, deps.now),
  }
}

type OrderDeps = ReturnType<typeof depsOf>
type Shared = Pick<OrderReactions, 'settle' | 'release' | 'shrink' | 'book' | 'credit' | 'issue'>

/** The sweeper does what they share with it, when a message has not. */
const reactionsOf = (deps: OrderDeps, shared: Shared) =>
  orderReactions({
    ...shared,
    keep: keepMoney({ ...deps, issue: shared.issue }),
    close: closeEndedOrders(deps),
    capture: capturePacked(deps),
    revive: reviveWithLateMoney(deps),
  })

/** The ports with their adapters, and what else the use cases are given. */
function depsOf(scope: Scope, options: OrderServiceOptions, pool: pg.Pool, db: PrismaClient) {
  const { log, inventory, payment, cart, pricing, wakeProducer, maxUnpaidUnits } = options
  const [sql, remembered] = [poolSql(pool), rememberOrders()]
  const now = (): Date => new Date()
  const orders = prismaOrders(db, sql, wakeProducer, remembered, maxUnpaidUnits)
  const ports = {
    payments: paymentGates(payment),
    till: paymentTill(payment),
    receipts: paymentReceipts(payment, sql),
    catalog: inventoryCatalog(inventory),
    stock: inventoryStock(inventory),
    carts: shoppersCarts(cart),
    prices: pricingPrices(pricing),
    checkouts: postgresCheckouts({ sql, wakeProducer, remembered, maxUnpaidUnits }),
  }
  const files = postgresOrderFiles(sql, wakeProducer, now)
  const release = releaseUnneeded({ ...ports, orders })
  const follow = followUp({ ...ports, orders, files, release })
  const report = (err: unknown): void =>
    log.warn({ err }, 'what follows from an order could not be done; the sweeper tries again')
  return {
    ...ports,
    ...followUpSoon(scope, { orders, files }, follow, report),
    ...{ followUp: follow, untold: ports.checkouts.untoldSince },
    newOrderId: () => newId() as OrderId,
    newShipmentId: () => newId() as ShipmentId,
    newReturnId: () => newId() as ReturnId,
    newPaymentId: () => newId() as PaymentId,
    pause: (ms: number) => sleep(ms),
    ...{ now, holdSeconds: options.holdSeconds, actionHoldSeconds: options.actionHoldSeconds },
    ...{ paymentHoldSeconds: options.paymentHoldSeconds, offlineHoldSeconds: options.offlineHoldSeconds },
    withdrawalDays: options.withdrawalDays,
    digest: (text: string) => createHash('sha256').update(text).digest('base64url'),
  }
}
