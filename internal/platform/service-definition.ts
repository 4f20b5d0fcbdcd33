import type { ReactionService } from '../gen/reaction/v1/reaction_pb.ts'
import type { DatabaseOptions } from './database.ts'
import type { Log } from './log.ts'
import type { Nats } from './nats.ts'
import type { WakeProducer } from './outbox.ts'
import type { Reaction } from './reaction.ts'
import type { Scope } from './run.ts'
import type { AnyContract, Handlers, Health } from './service.ts'
import type { Settings, ValuesOf } from './settings.ts'
import type { StreamLimits } from './streams.ts'

/** Another service that a service calls. */
export type Need<Contract extends AnyContract = AnyContract> = {
  readonly contract: Contract
  /** How long an answer from another process may take; 5 s by default. */
  readonly timeoutMs?: number
}

export type Needs = Readonly<Record<string, Need>>

/** Something that has events, and the version that its last event must have; 0 while there is no event yet. */
export type Aggregate = {
  /** As its events name it. */
  readonly type: string
  /** SQL for (id, version, created_at, updated_at) of each. */
  readonly sql: string
}

/** What a service is opened with. */
export type Context<Needed extends Needs = Needs, Declared extends Settings = Settings> = {
  readonly log: Log
  readonly nats: Nats
  /** Its own, where its schema is. */
  readonly database: DatabaseOptions
  readonly settings: ValuesOf<Declared>
  readonly needs: { readonly [Name in keyof Needed]: Handlers<Needed[Name]['contract']> }
  readonly wakeProducer: WakeProducer
}

/** What only those services are told that serve all others: the producer, the consumer and the gateway. */
export type System = {
  readonly streamLimits: StreamLimits
  /** Of each service with a schema, by its name. Several may be the same. */
  readonly databases: Readonly<Record<string, DatabaseOptions>>
  readonly aggregates: readonly (Aggregate & { readonly service: string })[]
  readonly health: Readonly<Record<string, Health>>
  /** Services that react, or that have something to sweep. */
  readonly reactors: readonly Reactor[]
}

export type Reactor = {
  readonly service: string
  readonly reactions: readonly Reaction[]
  readonly handlers: Handlers<typeof ReactionService>
}

/** An opened service. What it has depends on what it is. */
export type Opened<Contract = AnyContract> = {
  /** The answers to its contract. */
  readonly handlers?: Handlers<Contract>
  readonly health?: Health
  /** The answers to the consumer, of a service that declares reactions. */
  readonly reactions?: Handlers<typeof ReactionService>
  /** Of the producer: the quick way to wake it, within one process. */
  readonly wake?: WakeProducer
  /** Of the gateway: where it listens. */
  readonly url?: string
}

/** A service, as plain data and one function. internal/services.ts lists all of them, and everything follows from that list. */
export type ServiceDefinition<
  Contract = AnyContract | undefined,
  Needed extends Needs = Needs,
  Declared extends Settings = Settings,
> = {
  readonly name: string
  /** One sentence for docs/architecture.md: what it owns. */
  readonly about: string
  /** Its PostgreSQL schema, with the migrations in prisma/<name>; undefined for a service that stores nothing. */
  readonly schema: string | undefined
  /** The databases of all services must be known where it runs, not only its own. */
  readonly needsAllDatabases?: boolean
  /** Undefined for a service that nobody calls. */
  readonly contract: Contract
  /** By name. They come before it in the list. */
  readonly needs: Needed
  readonly settings: Declared
  readonly aggregates: readonly Aggregate[]
  readonly reactions: readonly Reaction[]
  /** Loads the code of the service and wires it, so that a process holds only what it runs. */
  readonly open: (
    scope: Scope,
    context: Context<Needed, Declared>,
    system: System,
  ) => Promise<Opened<Contract>>
}

/** A service as the list has it: `open` gets what its definition asks for, which `defineService` has checked. */
export type Service = Omit<ServiceDefinition, 'open'> & {
  readonly open: (scope: Scope, context: Context, system: System) => Promise<Opened>
}

/** Checks a definition against itself: the contract, the needs and the settings are those that `open` is typed by. */
export function defineService<
  Contract extends AnyContract | undefined,
  Needed extends Needs,
  Declared extends Settings,
>(definition: ServiceDefinition<Contract, Needed, Declared>): Service {
  return definition as unknown as Service
}
