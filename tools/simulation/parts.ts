import type { CartService } from '../../internal/gen/cart/v1/cart_pb.ts'
import type { InventoryService } from '../../internal/gen/inventory/v1/inventory_pb.ts'
import type { OrderService } from '../../internal/gen/order/v1/order_pb.ts'
import type { PaymentService } from '../../internal/gen/payment/v1/payment_pb.ts'
import type { PricingService } from '../../internal/gen/pricing/v1/pricing_pb.ts'
import type { ReactionService } from '../../internal/gen/reaction/v1/reaction_pb.ts'
import type { Handlers } from '../../internal/platform/service.ts'
import type { ArmedFaults } from './armed-faults.ts'
import type { Broker } from './broker.ts'
import type { MailServer } from './mail-server.ts'
import type { Network } from './network.ts'
import type { Process } from './process.ts'
import type { SimulatedProvider } from './provider.ts'
import type { Receiver } from './receiver.ts'
import type { Stores } from './stores.ts'
import type { World } from './world.ts'

export type OrderHandlers = Handlers<typeof OrderService>
export type InventoryHandlers = Handlers<typeof InventoryService>
export type PaymentHandlers = Handlers<typeof PaymentService>
export type CartHandlers = Handlers<typeof CartService>
export type PricingHandlers = Handlers<typeof PricingService>
export type ReactionHandlers = Handlers<typeof ReactionService>

/** The properties of one run besides its plan. */
export type Setup = {
  /** Whether the sweeper runs. Without it every order must be settled by messages alone. */
  readonly sweeps: boolean
  readonly sweepAfterSeconds: number
  readonly sweepIntervalMs: number
  /** How long stock is held for orders that nobody pays for; undefined: without an end. */
  readonly holdSeconds: number | undefined
  /** Whether there are payments. Without them no order is paid for, and nobody is asked before one ends. */
  readonly pays: boolean
  /** Whether money is only authorized until goods are packed. */
  readonly capturesLater: boolean
  /** Whether buyers get mails, and back ends of others webhooks. */
  readonly tells: boolean
  /** Undefined: nobody has a cart, and orders are made of lines alone. */
  readonly carts: CartSetup | undefined
}

export type CartSetup = {
  /** How long stock is held for a checkout, for whoever is at the provider's page, and for whoever pays at the bank. */
  readonly paymentHoldSeconds: number
  readonly actionHoldSeconds: number
  readonly offlineHoldSeconds: number | undefined
  readonly pricesIncludeTax: boolean
  /** Whether there is a promotion that applies by itself. */
  readonly hasSale: boolean
}

export type ReactingService = 'order' | 'payment' | 'notification'

/** The parts of which processes are made. */
export type Parts = {
  readonly world: World
  readonly setup: Setup
  readonly faults: ArmedFaults
  readonly network: Network
  readonly stores: Stores
  readonly broker: Broker
  /** The time by the process's own clock. */
  readonly now: (process: Process) => Date
  /** A UUIDv7 by the process's own clock. */
  readonly newUuid: (process: Process) => string
  readonly ordersFor: (caller: Process) => OrderHandlers
  readonly inventoryFor: (caller: Process) => InventoryHandlers
  readonly paymentsFor: (caller: Process) => PaymentHandlers
  readonly cartsFor: (caller: Process) => CartHandlers
  readonly pricingFor: (caller: Process) => PricingHandlers
  readonly provider: SimulatedProvider
  readonly mailServer: MailServer
  readonly receiver: Receiver
  /** Kills a process, as by `kill -9`. */
  readonly kill: (process: Process) => void
  /** The reactions of a service. */
  readonly reactionsFor: (caller: Process, service: ReactingService) => ReactionHandlers
}
