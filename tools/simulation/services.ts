import { pino } from 'pino'
import type { Delivery } from '../../internal/consumer/infrastructure/message-source.ts'
import { deadLetterOf } from '../../internal/consumer/infrastructure/dead-letter-of.ts'
import {
  runSubscription,
  type SubscriptionRun,
} from '../../internal/consumer/infrastructure/run-subscription.ts'
import { runSweeper } from '../../internal/consumer/infrastructure/run-sweeper.ts'
import type { Subscription } from '../../internal/consumer/infrastructure/subscription.ts'
import { subscriptionsOf } from '../../internal/consumer/infrastructure/subscriptions.ts'
import { sweep } from '../../internal/consumer/application/sweep.ts'
import { inventoryApp } from '../../internal/inventory/application/inventory-app.ts'
import { parseProductId } from '../../internal/inventory/domain/ids.ts'
import { inventoryRpc } from '../../internal/inventory/infrastructure/inventory-rpc.ts'
import { bookReturnedGoods } from '../../internal/order/application/book-returned-goods.ts'
import { creditGoods } from '../../internal/order/application/credit-goods.ts'
import { cancelOrder, changeOrderStatus } from '../../internal/order/application/change-orders.ts'
import { expireOrders, resumeClosing } from '../../internal/order/application/close-orders.ts'
import { issueReceipts, listOrderReceipts } from '../../internal/order/application/issue-receipts.ts'
import { keepMoney } from '../../internal/order/application/keep-money.ts'
import { assignMoney, listOrderPayments, payOrder } from '../../internal/order/application/pay-orders.ts'
import { placeOrder } from '../../internal/order/application/place-order.ts'
import { getOrder, listOrders } from '../../internal/order/application/read-orders.ts'
import { recordShipped } from '../../internal/order/application/record-shipped.ts'
import {
  releaseCanceledOrders,
  releaseUnneeded,
} from '../../internal/order/application/release-canceled-orders.ts'
import { reviveOrders, reviveWithLateMoney } from '../../internal/order/application/revive-orders.ts'
import { changeReturn, listReturns, requestReturn } from '../../internal/order/application/return-goods.ts'
import { settleCreatedOrders } from '../../internal/order/application/settle-created-orders.ts'
import { changeShipment, createShipment, trackOrder } from '../../internal/order/application/ship-orders.ts'
import { sweepOrders } from '../../internal/order/application/sweep-orders.ts'
import type { OrderId } from '../../internal/order/domain/order.ts'
import type { ReturnId } from '../../internal/order/domain/goods-back.ts'
import type { ShipmentId } from '../../internal/order/domain/parcel.ts'
import { holdBack } from '../../internal/order/infrastructure/hold-back.ts'
import { inventoryCatalog, inventoryStock } from '../../internal/order/infrastructure/inventory-ports.ts'
import { noPayments, noReceipts, noTill } from '../../internal/order/testing/no-payments.ts'
import { orderReactions } from '../../internal/order/infrastructure/order-reactions.ts'
import { orderRpc } from '../../internal/order/infrastructure/order-rpc.ts'
import { paymentGates, paymentTill } from '../../internal/order/infrastructure/payment-ports.ts'
import { orderService } from '../../internal/order/order-service.ts'
import { paymentService } from '../../internal/payment/payment-service.ts'
import { systemCall } from '../../internal/platform/call.ts'
import { toRefusal } from '../../internal/platform/outage.ts'
import { reactionRpc } from '../../internal/platform/reaction.ts'
import { messageSource } from './broker-ports.ts'
import type { InventoryHandlers, OrderHandlers, Parts, ReactionHandlers } from './parts.ts'
import type { Process } from './process.ts'
import { noCheckout, noCheckoutSweep, noPrices } from '../../internal/order/testing/no-checkout.ts'

// Wires the services with the ports of the simulation. Each function starts one life of a process.

const silent = pino({ level: 'silent' })

/** Shorter than in the product, so that more happens in less simulated time. */
const ackWaitMs = 8_000

export function startInventory(
  { network, stores, now, newUuid }: Parts,
  process: Process,
): InventoryHandlers {
  const { products, stockLevels, reservations } = stores.inventory
  const app = inventoryApp({
    products: network.over(process, 'products', products),
    stockLevels: network.over(process, 'stock', stockLevels),
    reservations: network.over(process, 'reservations', reservations),
    newProductId: () => parseProductId(newUuid(process)),
    now: () => now(process),
    currency: 'USD',
  })
  return inventoryRpc(app)
}

/** So few that customers have to wait for each other. */
const holdBackLimits = { undecided: 3, forgottenAfterMs: 1_000 }

export function startOrder(parts: Parts, process: Process): OrderHandlers & ReactionHandlers {
  const { network, stores, now, newUuid, setup } = parts
  const inventory = parts.inventoryFor(process)
  const payments = parts.paymentsFor(process)
  const deps = {
    orders: network.over(process, 'orders', stores.orders),
    files: network.over(process, 'files', stores.orders.files),
    payments: setup.pays ? paymentGates(payments) : noPayments,
    till: setup.pays ? paymentTill(payments) : noTill,
    prices: noPrices,
    receipts: noReceipts,
    holdSeconds: setup.holdSeconds,
    catalog: inventoryCatalog(inventory),
    stock: inventoryStock(inventory),
    newOrderId: () => newUuid(process) as OrderId,
    newShipmentId: () => newUuid(process) as ShipmentId,
    newReturnId: () => newUuid(process) as ReturnId,
    now: () => now(process),
    digest: (text: string) => text,
  }
  const work = { place: placeOrder(deps), settle: settleCreatedOrders(deps) }
  const { place, settle } = holdBack(work, holdBackLimits)
  const release = releaseCanceledOrders(deps)
  const shrink = releaseUnneeded(deps)
  const book = bookReturnedGoods(deps)
  const credit = creditGoods(deps)
  const isOutage = (err: unknown): boolean => toRefusal(err).kind === 'unavailable'
  const rpc = orderRpc({
    placeOrder: place,
    getOrder: getOrder(deps),
    listOrders: listOrders(deps),
    cancelOrder: cancelOrder(deps),
    changeOrderStatus: changeOrderStatus(deps),
    createShipment: createShipment(deps),
    changeShipment: changeShipment(deps),
    trackOrder: trackOrder(deps),
    requestReturn: requestReturn(deps),
    changeReturn: changeReturn(deps),
    listReturns: listReturns(deps),
    payOrder: payOrder(deps),
    listOrderPayments: listOrderPayments(deps),
    listOrderReceipts: listOrderReceipts(deps),
    assignMoney: assignMoney(deps),
    ...noCheckout,
  })
  const ending = { resume: resumeClosing(deps), expire: expireOrders(deps), revive: reviveOrders(deps) }
  const doing = { settle, release: shrink, book, credit, record: recordShipped(deps), ...ending }
  const sweeping = { ...deps, ...noCheckoutSweep, ...doing }
  const sweepOnce = sweepOrders({ ...sweeping, isOutage, report: () => undefined })
  const reacting = {
    settle,
    release,
    shrink,
    book,
    credit,
    keep: keepMoney(deps),
    issue: issueReceipts(deps),
  }
  return {
    ...rpc,
    ...reactionRpc(orderReactions({ ...reacting, revive: reviveWithLateMoney(deps) }), sweepOnce),
  }
}

/** Starts the real subscriptions and the real sweeper. */
export function startConsumer(parts: Parts, process: Process): void {
  const { world, setup, stop } = { ...parts, stop: process.stop.signal }
  const reacting = [orderService, ...(setup.pays ? [paymentService] : [])] as const
  const reactors = reacting.map(({ name: service, reactions }) => {
    return { service, reactions, handlers: parts.reactionsFor(process, service as 'order' | 'payment') }
  })
  const deliveries = new Map<string, Delivery | undefined>()
  for (const subscription of subscriptionsOf(reactors)) {
    deliveries.set(subscription.name, undefined)
    const onDelivery = (delivery: Delivery | undefined) => void deliveries.set(subscription.name, delivery)
    void runSubscription(subscription, { ...subscriptionRun(parts, process), onDelivery }, stop)
  }
  if (!setup.sweeps) return
  const sweepOnce = sweep({
    sweepers: reactors.map(({ service, handlers }) => ({
      service,
      sweep: async (olderThanSeconds: number) =>
        (await handlers.sweep({ olderThanSeconds }, systemCall(''))).swept,
    })),
    report: () => undefined,
  })
  const counted = async (afterSeconds: number) => {
    const swept = await sweepOnce(afterSeconds)
    for (const { what } of swept) world.count(`sweeper ${what}`)
    return swept
  }
  const sweeping = {
    sweep: counted,
    intervalMs: setup.sweepIntervalMs,
    afterSeconds: setup.sweepAfterSeconds,
    isSilent: () => [...deliveries.values()].some((delivery) => delivery?.isSilent() ?? true),
    log: silent,
  }
  void runSweeper(sweeping, stop)
}

/** A replica of an outside subscriber. It handles each event once, by ce-id, and acknowledges it afterwards, as real ones should. */
export function startSubscriber(parts: Parts, process: Process): void {
  const { network, stores } = parts
  const rows: readonly Pick<Subscription, 'name' | 'stream' | 'subject'>[] = [
    { name: 'outside-orders', stream: 'ORDERS', subject: 'order.>' },
    { name: 'outside-stock', stream: 'STOCK', subject: 'stock.>' },
  ]
  for (const row of rows) {
    const handle: Subscription['handle'] = async (messages) => {
      const ids = messages.map((message) => message.headers?.get('ce-id') ?? '')
      try {
        await network.ask({
          process,
          label: 'receives',
          run: () => ids.forEach((id) => stores.received.add(id)),
          about: ids,
        })
        return ids.map(() => ({ kind: 'handled' }))
      } catch (err) {
        return ids.map(() => ({ kind: 'outage', reason: String(err) }))
      }
    }
    const run = subscriptionRun(parts, process)
    void runSubscription({ ...row, handle }, run, process.stop.signal)
  }
}

function subscriptionRun(parts: Parts, process: Process): SubscriptionRun {
  const { world, network, stores, now } = parts
  const letters = network.over(process, 'letters', stores.letters)
  return {
    source: messageSource({ ...parts, process }),
    log: silent,
    onDelivery: () => undefined,
    ackWaitMs,
    async bury({ name }, message, incarnation, code, reason) {
      await letters.add(
        deadLetterOf(message, { subscription: name, incarnation, code, reason, at: now(process) }),
      )
      world.count('dead letter')
    },
  }
}
