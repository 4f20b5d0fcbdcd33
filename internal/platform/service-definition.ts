import type { ReactionService } from '../gen/reaction/v1/reaction_pb.ts'
import type { DatabaseOptions } from './database.ts'
import type { GrpcEdge } from './grpc-settings.ts'
import type { Log } from './log.ts'
import type { Nats } from './nats.ts'
import type { WakeProducer } from './outbox.ts'
import type { Reaction } from './reaction.ts'
import type { Scope } from './run.ts'
import type { AnyContract, Handlers, Health } from './service.ts'
import type { Settings, ValuesOf } from './settings.ts'
import type { StreamLimits } from './streams.ts'

/** The contract of another service that this one calls. */
export type Need<Contract extends AnyContract = AnyContract> = {
  readonly contract: Contract
  /** The methods that it calls, if not all of them: the broker lets it call no others. */
  readonly methods?: readonly (keyof Contract['method'] & string)[]
  /** How long an answer from another process may take; 5 s by default. */
  readonly timeoutMs?: number
}

export type Needs = Readonly<Record<string, Need>>

/**
 * What a service does at the broker besides answering its own questions and asking those that it needs. The broker lets
 * it do this and nothing else (broker-users.ts). Most services need none of it, because their events leave by the
 * outbox and come by the consumer.
 */
export type BrokerUse = {
  /** It makes, reads and fills all streams: the producer. */
  readonly relays?: boolean
  /** It has the durables of all reactions, and calls those who react: the consumer. */
  readonly delivers?: boolean
  /** It reads events by their places in all streams. */
  readonly reads?: boolean
  /** It asks all others for their readiness and gauges. */
  readonly asksHealth?: boolean
  /** Subjects of events that it hears as they are published. */
  readonly hears?: readonly string[]
  /** Subjects on which its processes speak to each other. */
  readonly speaks?: readonly string[]
}

/** A kind of aggregate. The audit checks that its last event has its version; 0 means that it has no event yet. */
export type Aggregate = {
  /** The aggregate type in its events. */
  readonly type: string
  /** A query for (id, version, created_at, updated_at) of all of them. */
  readonly sql: string
}

/** What every service gets when it is opened. */
export type Context<Needed extends Needs = Needs, Declared extends Settings = Settings> = {
  readonly log: Log
  readonly nats: Nats
  /** The database that holds the service's own schema. */
  readonly database: DatabaseOptions
  readonly settings: ValuesOf<Declared>
  readonly needs: { readonly [Name in keyof Needed]: Handlers<Needed[Name]['contract']> }
  readonly wakeProducer: WakeProducer
}

/**
 * What is known about all services. Only the producer, the consumer and the gateway need it, because they serve the
 * rest.
 */
export type System = {
  readonly isProduction: boolean
  readonly streamLimits: StreamLimits
  /** The database of each service with a schema, by the service's name. Several services may share one. */
  readonly databases: Readonly<Record<string, DatabaseOptions>>
  readonly aggregates: readonly (Aggregate & { readonly service: string })[]
  readonly health: Readonly<Record<string, Health>>
  /** The services that react to events or have something to sweep. */
  readonly reactors: readonly Reactor[]
}

export type Reactor = {
  readonly service: string
  readonly reactions: readonly Reaction[]
  readonly handlers: Handlers<typeof ReactionService>
}

/** What an open service offers. Each field is present only for services that have it. */
export type Opened<Contract = AnyContract> = {
  /** The functions that answer the service's contract. */
  readonly handlers?: Handlers<Contract>
  readonly health?: Health
  /** The functions that the consumer calls, of a service that declares reactions. */
  readonly reactions?: Handlers<typeof ReactionService>
  /** Only the producer has this: it wakes the producer within the same process. */
  readonly wake?: WakeProducer
  /** Only the gateway has this: the URL on which it listens. */
  readonly url?: string
  /** Only the gateway has this: the URL on which operators ask. */
  readonly operationsUrl?: string
}

export type Surroundings = {
  /** True in production, and where others than this machine reach the gateway. */
  readonly isExposed: boolean
}

/**
 * Describes a service as plain data and one function. internal/services.ts lists all of them; the rest follows from
 * it.
 */
export type ServiceDefinition<
  Contract = AnyContract | undefined,
  Needed extends Needs = Needs,
  Declared extends Settings = Settings,
> = {
  readonly name: string
  /** What the service owns, in one sentence. */
  readonly about: string
  /** Its PostgreSQL schema, with the migrations in prisma/<name>; undefined for a service that stores nothing. */
  readonly schema: string | undefined
  /** The databases of all services must be known where it runs, not only its own. */
  readonly needsAllDatabases?: boolean
  /** Its role in PostgreSQL may read all schemas, for the audit. */
  readonly readsAllSchemas?: boolean
  /** Undefined for a service that nobody calls. */
  readonly contract: Contract
  /** The services that it calls, by name. They come before it in the list of services. */
  readonly needs: Needed
  readonly settings: Declared
  /** What is wrong with settings that are right one by one, one line for each, before anything is started. */
  readonly contradictions?: (settings: ValuesOf<Declared>, where: Surroundings) => readonly string[]
  readonly aggregates: readonly Aggregate[]
  readonly reactions: readonly Reaction[]
  /** Those of its reactions that do anything with these settings: the consumer hands it no other events. All by default. */
  readonly reactsWith?: (settings: ValuesOf<Declared>) => readonly Reaction[]
  readonly broker?: BrokerUse
  /**
   * Callers outside reach it by gRPC: the methods of its contract that say who may call them, and its health. Its settings
   * are those of `grpcSettings`. A service with such methods needs the user service, which knows who calls.
   */
  readonly grpc?: GrpcEdge
  /**
   * Loads the service's code and wires it. Loading happens here, so that a process holds only the code that it runs.
   */
  readonly open: (
    scope: Scope,
    context: Context<Needed, Declared>,
    system: System,
  ) => Promise<Opened<Contract>>
}

/** A service in the list, without its own types: `defineService` has checked that `open` gets what it asks for. */
export type Service = Omit<ServiceDefinition, 'open' | 'contradictions' | 'reactsWith'> & {
  readonly reactsWith?: (settings: Readonly<Record<string, unknown>>) => readonly Reaction[]
  readonly contradictions?: (
    settings: Readonly<Record<string, unknown>>,
    where: Surroundings,
  ) => readonly string[]
  readonly open: (scope: Scope, context: Context, system: System) => Promise<Opened>
}

/** Lets the compiler check that `open` fits the contract, the needs and the settings of the same definition. */
export function defineService<
  Contract extends AnyContract | undefined,
  Needed extends Needs,
  Declared extends Settings,
>(definition: ServiceDefinition<Contract, Needed, Declared>): Service {
  return definition as unknown as Service
}
