import { pino } from 'pino'
import {
  commandedInventory,
  commandedOrders,
} from '../../internal/consumer/infrastructure/commanded-services.ts'
import { deadLetterOf } from '../../internal/consumer/infrastructure/dead-letter-of.ts'
import {
  runSubscription,
  type SubscriptionRun,
} from '../../internal/consumer/infrastructure/run-subscription.ts'
import { runSweeper } from '../../internal/consumer/infrastructure/run-sweeper.ts'
import type { Subscription } from '../../internal/consumer/infrastructure/subscription.ts'
import { subscriptionsOf } from '../../internal/consumer/infrastructure/subscriptions.ts'
import { releaseCanceledOrders } from '../../internal/consumer/application/release-canceled-orders.ts'
import { settleCreatedOrders } from '../../internal/consumer/application/settle-created-orders.ts'
import { sweep } from '../../internal/consumer/application/sweep.ts'
import { inventoryApp } from '../../internal/inventory/application/inventory-app.ts'
import { parseProductId } from '../../internal/inventory/domain/ids.ts'
import { inventoryRpc } from '../../internal/inventory/infrastructure/inventory-rpc.ts'
import { cancelOrder, changeOrderStatus } from '../../internal/order/application/change-orders.ts'
import { placeOrder } from '../../internal/order/application/place-order.ts'
import { getOrder, listOrders } from '../../internal/order/application/read-orders.ts'
import { settleOrders } from '../../internal/order/application/settle-orders.ts'
import { listUnreleased, listUnsettled, markReleased } from '../../internal/order/application/sweep-orders.ts'
import type { OrderId } from '../../internal/order/domain/order.ts'
import { inventoryCatalog } from '../../internal/order/infrastructure/inventory-catalog.ts'
import { orderRpc } from '../../internal/order/infrastructure/order-rpc.ts'
import { messageSource } from './broker-ports.ts'
import type { InventoryHandlers, OrderHandlers, Parts } from './parts.ts'
import type { Process } from './process.ts'

// The composition roots once more, with the simulation's ports: each starts one life of a process.

const silent = pino({ level: 'silent' })

/** Shorter than the product's, so that more happens in less simulated time. */
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

export function startOrder(parts: Parts, process: Process): OrderHandlers {
  const { network, stores, now, newUuid } = parts
  const deps = {
    orders: network.over(process, 'orders', stores.orders),
    catalog: inventoryCatalog(parts.inventoryFor(process)),
    newOrderId: () => newUuid(process) as OrderId,
    now: () => now(process),
    digest: (text: string) => text,
  }
  return orderRpc({
    placeOrder: placeOrder(deps),
    getOrder: getOrder(deps),
    listOrders: listOrders(deps),
    cancelOrder: cancelOrder(deps),
    changeOrderStatus: changeOrderStatus(deps),
    settleOrders: settleOrders(deps),
    listUnsettled: listUnsettled(deps),
    listUnreleased: listUnreleased(deps),
    markReleased: markReleased(deps),
  })
}

/** The real subscriptions and the real sweeper. */
export function startConsumer(parts: Parts, process: Process): void {
  const { world, setup, stop } = { ...parts, stop: process.stop.signal }
  const inventory = commandedInventory(parts.inventoryFor(process))
  const orders = commandedOrders(parts.ordersFor(process))
  const settle = settleCreatedOrders({ inventory, orders })
  const release = releaseCanceledOrders({ inventory, orders })
  for (const subscription of subscriptionsOf(settle, release)) {
    void runSubscription(subscription, subscriptionRun(parts, process), stop)
  }
  if (!setup.sweeps) return
  const sweepOnce = sweep({ orders, settle, release, afterSeconds: setup.sweepAfterSeconds })
  const counted = async () => {
    const swept = await sweepOnce()
    if (swept.settled > 0) world.count('sweeper settled')
    if (swept.released > 0) world.count('sweeper released')
    return swept
  }
  void runSweeper(counted, silent, setup.sweepIntervalMs, stop)
}

/** A subscriber outside: takes every event once, by ce-id, and acknowledges after its effect, as the real subscriptions do. */
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
    onState: () => undefined,
    ackWaitMs,
    async bury({ name }, message, incarnation, code, reason) {
      await letters.add(
        deadLetterOf(message, { subscription: name, incarnation, code, reason, at: now(process) }),
      )
      world.count('dead letter')
    },
  }
}
