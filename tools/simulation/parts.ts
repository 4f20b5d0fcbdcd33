import type { InventoryService } from '../../internal/gen/inventory/v1/inventory_pb.ts'
import type { OrderService } from '../../internal/gen/order/v1/order_pb.ts'
import type { ReactionService } from '../../internal/gen/reaction/v1/reaction_pb.ts'
import type { Handlers } from '../../internal/platform/service.ts'
import type { ArmedFaults } from './armed-faults.ts'
import type { Broker } from './broker.ts'
import type { Network } from './network.ts'
import type { Process } from './process.ts'
import type { Stores } from './stores.ts'
import type { World } from './world.ts'

export type OrderHandlers = Handlers<typeof OrderService>
export type InventoryHandlers = Handlers<typeof InventoryService>
export type ReactionHandlers = Handlers<typeof ReactionService>

/** How one run differs from others beside its plan. */
export type Setup = {
  /** Without it every order must be settled by messages alone. */
  readonly sweeps: boolean
  readonly sweepAfterSeconds: number
  readonly sweepIntervalMs: number
}

/** What processes are made of. */
export type Parts = {
  readonly world: World
  readonly setup: Setup
  readonly faults: ArmedFaults
  readonly network: Network
  readonly stores: Stores
  readonly broker: Broker
  /** The process' own clock. */
  readonly now: (process: Process) => Date
  /** A UUIDv7 by the process' own clock. */
  readonly newUuid: (process: Process) => string
  readonly ordersFor: (caller: Process) => OrderHandlers
  readonly inventoryFor: (caller: Process) => InventoryHandlers
  /** Of the order service. */
  readonly reactionsFor: (caller: Process) => ReactionHandlers
}
