import { inventoryApp } from '../../internal/inventory/application/inventory-app.ts'
import {
  parseCategoryId,
  parseFamilyId,
  parseImageId,
  parseProductId,
} from '../../internal/inventory/domain/ids.ts'
import { systemCall, type Call } from '../../internal/platform/call.ts'
import { armedFaults } from './armed-faults.ts'
import { newBroker } from './broker.ts'
import { newFleet, type Fleet } from './fleet.ts'
import { newMailServer } from './mail-server.ts'
import { newNetwork, type Database } from './network.ts'
import { startCart } from './cart-process.ts'
import type {
  CartHandlers,
  InventoryHandlers,
  OrderHandlers,
  Parts,
  PaymentHandlers,
  PricingHandlers,
  ReactionHandlers,
  Setup,
} from './parts.ts'
import { startNotification } from './notification-process.ts'
import { startPayment } from './payment-process.ts'
import { productCount } from './plan.ts'
import { startPricing } from './pricing-process.ts'
import { newProcess, type Process } from './process.ts'
import { newProvider } from './provider.ts'
import { newReceiver } from './receiver.ts'
import { startProducer } from './producer-process.ts'
import { startOrder } from './order-process.ts'
import { startConsumer, startInventory, startSubscriber } from './services.ts'
import { newStores } from './stores.ts'
import type { World } from './world.ts'

export type Shop = { readonly parts: Parts; readonly fleet: Fleet; readonly database: Database }

/** The services that other processes call. */
type RemoteKind = 'order' | 'inventory' | 'payment' | 'cart' | 'pricing' | 'notification'

type Handlers = Readonly<Record<string, (request: unknown, call: Call) => Promise<unknown>>>

/** Makes the whole system of one run. Nothing is started yet. */
export function newShop(world: World, setup: Setup): Shop {
  const stores = newStores(world)
  const broker = newBroker(world)
  const faults = armedFaults(world)
  const database: Database = { awayUntil: 0, commitMs: () => stores.takeCommitMs() }
  const network = newNetwork({ world, faults, database, kill: (process) => fleet.kill(process) })
  const services = new WeakMap<Process, Handlers>()
  const now = ({ clockMs }: Process): Date => new Date(world.time.now() + clockMs)

  /** A service as another process calls it. Any of its processes may answer. */
  function remote(caller: Process, kind: RemoteKind): unknown {
    const ask = (method: string) => (request: unknown, call: Call) =>
      network.call({
        caller,
        label: `${kind}.${method}`,
        callee: () => fleet.pick(kind),
        work: (callee) =>
          services.get(callee)?.[method]?.(request, call) ?? Promise.reject(new Error('no such method')),
      })
    return new Proxy({}, { get: (_, method: string) => ask(method) })
  }

  // The gateway that takes webhooks keeps nothing, so it is left out.
  const outside = newProcess('provider', 'client')
  const payments = remote(outside, 'payment') as PaymentHandlers // its keys are the methods of the handlers behind it
  const provider = newProvider(world, (headers, body) => {
    const bytes = Buffer.from(JSON.stringify(body)).toString('base64')
    return payments.receiveWebhook({ provider: 'fake', headers, body: bytes }, systemCall('webhook'))
  })

  const parts: Parts = {
    ...{ world, setup, faults, network, stores, broker, now, provider },
    mailServer: newMailServer(world, network),
    receiver: newReceiver(world, network),
    newUuid: (process) => uuidAt(world, now(process).getTime()),
    ordersFor: (caller) => remote(caller, 'order') as OrderHandlers, // as above
    inventoryFor: (caller) => remote(caller, 'inventory') as InventoryHandlers, // as above
    paymentsFor: (caller) => remote(caller, 'payment') as PaymentHandlers, // as above
    cartsFor: (caller) => remote(caller, 'cart') as CartHandlers, // as above
    pricingFor: (caller) => remote(caller, 'pricing') as PricingHandlers, // as above
    kill: (process) => fleet.kill(process),
    reactionsFor: (caller, service) => remote(caller, service) as ReactionHandlers, // as above
  }

  const fleet = newFleet(world, broker, (process) => {
    const handlers = start(parts, process)
    if (handlers) services.set(process, handlers as Handlers) // each takes what its contract says
  })
  return { parts, fleet, database }
}

/** Starts one life of a process. Returns what others may ask it; undefined: nothing. */
function start(parts: Parts, process: Process): object | undefined {
  switch (process.kind) {
    case 'order':
      return startOrder(parts, process)
    case 'inventory':
      return startInventory(parts, process)
    case 'payment':
      return startPayment(parts, process)
    case 'cart':
      return startCart(parts, process)
    case 'pricing':
      return startPricing(parts, process)
    case 'notification':
      return startNotification(parts, process)
    case 'producer':
      startProducer(parts, process)
      return undefined
    case 'consumer':
      startConsumer(parts, process)
      return undefined
    case 'subscriber':
      startSubscriber(parts, process)
      return undefined
    case 'client':
      return undefined
  }
}

/** Adds three products before anything begins: a scarce one, one that may run out, and one that does not. */
export async function stockShelves({ world, stores, newUuid, now }: Parts): Promise<readonly string[]> {
  const random = world.random('shelves')
  const process = newProcess('shelves', 'client')
  const app = inventoryApp({
    ...stores.inventory,
    newProductId: () => parseProductId(newUuid(process)),
    newCategoryId: () => parseCategoryId(newUuid(process)),
    newFamilyId: () => parseFamilyId(newUuid(process)),
    newImageId: () => parseImageId(newUuid(process)),
    ...{ imagesMaxBytes: 0, wakeRemoval: () => undefined }, // nobody uploads images here
    now: () => now(process),
    currency: 'USD',
  })
  const units = [random.integer(1, 6), random.integer(5, 25), 100]
  const ids: string[] = []
  for (let index = 0; index < productCount; index++) {
    const wanted = { name: `Product ${index}`, category: 'all', sku: '', description: '', images: [] }
    const { result } = await app.createProduct(
      { ...wanted, priceMinor: 250n, stock: units[index] ?? 0 },
      systemCall(''),
    )
    ids.push(result.product.id)
  }
  return ids
}

/** A UUIDv7 of this time. */
function uuidAt(world: World, ms: number): string {
  const random = world.random('ids')
  const hex = (digits: number): string =>
    random
      .integer(0, 16 ** digits - 1)
      .toString(16)
      .padStart(digits, '0')
  const time = ms.toString(16).padStart(12, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hex(3)}-8${hex(3)}-${hex(6)}${hex(6)}`
}
