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
import {
  parseCategoryId,
  parseFamilyId,
  parseImageId,
  parseProductId,
} from '../../internal/inventory/domain/ids.ts'
import { inventoryRpc } from '../../internal/inventory/infrastructure/inventory-rpc.ts'
import { notificationService } from '../../internal/notification/notification-service.ts'
import { orderService } from '../../internal/order/order-service.ts'
import { paymentService } from '../../internal/payment/payment-service.ts'
import { systemCall } from '../../internal/platform/call.ts'
import { messageSource } from './broker-ports.ts'
import type { InventoryHandlers, Parts, ReactingService } from './parts.ts'
import type { Process } from './process.ts'

// Wires the services with the ports of the simulation. Each function starts one life of a process.

const silent = pino({ level: 'silent' })

/** Shorter than in the product, so that more happens in less simulated time. */
const ackWaitMs = 8_000

export function startInventory(
  { network, stores, now, newUuid }: Parts,
  process: Process,
): InventoryHandlers {
  const { products, categories, families, copies, images, stockLevels, reservations } = stores.inventory
  const app = inventoryApp({
    products: network.over(process, 'products', products),
    categories: network.over(process, 'products', categories),
    families: network.over(process, 'products', families),
    copies: network.over(process, 'products', copies),
    images: network.over(process, 'images', images),
    stockLevels: network.over(process, 'stock', stockLevels),
    reservations: network.over(process, 'reservations', reservations),
    newProductId: () => parseProductId(newUuid(process)),
    newCategoryId: () => parseCategoryId(newUuid(process)),
    newFamilyId: () => parseFamilyId(newUuid(process)),
    newImageId: () => parseImageId(newUuid(process)),
    ...{ imagesMaxBytes: 0, wakeRemoval: () => undefined }, // nobody uploads images here
    now: () => now(process),
    currency: 'USD',
  })
  return inventoryRpc(app)
}

/** Starts the real subscriptions and the real sweeper. */
export function startConsumer(parts: Parts, process: Process): void {
  const { world, setup, stop } = { ...parts, stop: process.stop.signal }
  const reacting = [
    orderService,
    ...(setup.pays ? [paymentService] : []),
    ...(setup.tells ? [notificationService] : []),
  ]
  const reactors = reacting.map(({ name: service, reactions }) => {
    return { service, reactions, handlers: parts.reactionsFor(process, service as ReactingService) }
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
