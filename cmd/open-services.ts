import type { Config } from '../internal/config/config.ts'
import { HealthService } from '../internal/gen/health/v1/health_pb.ts'
import { ReactionService } from '../internal/gen/reaction/v1/reaction_pb.ts'
import type { DatabaseOptions } from '../internal/platform/database.ts'
import type { Log } from '../internal/platform/log.ts'
import type { Nats } from '../internal/platform/nats.ts'
import type { WakeProducer } from '../internal/platform/outbox.ts'
import { remote, serveRpc } from '../internal/platform/rpc.ts'
import type { Scope } from '../internal/platform/run.ts'
import type { AnyContract, Handlers } from '../internal/platform/service.ts'
import type { Opened, Service, System } from '../internal/platform/service-definition.ts'
import { natsWakeProducer } from '../internal/platform/wake.ts'
import { aggregates, services } from '../internal/services.ts'
import { edgeOf } from './edge-of.ts'

export type Host = {
  readonly config: Config
  readonly log: Log
  readonly nats: Nats
  /** The URL by which a service connects to a database; by default the one of the settings. */
  readonly asRole?: (service: string, databaseUrl: string) => string
}

export type OpenServices = {
  /** The URL on which the gateway listens; empty when the gateway is not among these services. */
  readonly url: string
  /** The URL of the gateway's listener for operators. */
  readonly operationsUrl: string
  /** Where the services answer gRPC, by their names. */
  readonly grpc: Readonly<Record<string, string>>
  /** The functions of one service, typed by its contract. */
  readonly handlersOf: <Contract extends AnyContract>(name: string, contract: Contract) => Handlers<Contract>
}

type Open = ReadonlyMap<string, Opened>

/**
 * Opens these services in this process, one after another. A service calls another one by function when both are in
 * this process, and over NATS otherwise. With `isServing` they also answer requests over NATS.
 */
export async function openServices(
  scope: Scope,
  host: Host,
  wanted: readonly Service[],
  { isServing }: { readonly isServing: boolean },
): Promise<OpenServices> {
  const { config, log, nats } = host
  const open = new Map<string, Opened>()
  const grpc: Record<string, string> = {}
  let wakeProducer: WakeProducer = natsWakeProducer(nats)
  for (const service of wanted) {
    const { name } = service
    const needs = needsOf(host, service, open)
    const opened = await service.open(
      scope,
      {
        ...{ log, nats, wakeProducer, needs },
        database: databaseOf(host, name, name),
        settings: config.services[name] ?? {},
      },
      systemOf(host, name, open),
    )
    open.set(name, opened)
    wakeProducer = opened.wake ?? wakeProducer
    if (isServing) serve(scope, host, service, opened)
    const edge = edgeOf(host, service, opened, needs)
    if (edge) grpc[name] = await (await import('../internal/grpc/open-edge.ts')).openEdge(scope, edge)
  }
  return {
    url: open.get('gateway')?.url ?? '',
    operationsUrl: open.get('gateway')?.operationsUrl ?? '',
    grpc,
    handlersOf: <Contract extends AnyContract>(name: string, contract: Contract) =>
      // The service's definition has checked that its handlers fit the contract.
      (open.get(name)?.handlers as Handlers<Contract> | undefined) ?? remote(nats, name, contract),
  }
}

function needsOf({ nats }: Host, { needs }: Service, open: Open) {
  const handlers = Object.entries(needs).map(([name, { contract, timeoutMs }]) => {
    const here = open.get(name)?.handlers
    return [name, here ?? remote(nats, name, contract, timeoutMs === undefined ? {} : { timeoutMs })]
  })
  return Object.fromEntries(handlers) as Record<string, never> // `defineService` has checked their types
}

function systemOf(host: Host, asking: string, open: Open): System {
  const { config, nats } = host
  const { streamReplicas, streamMaxBytes, streamMaxAgeDays } = config.common
  return {
    isProduction: config.isProduction,
    streamLimits: { replicas: streamReplicas, maxBytes: streamMaxBytes, maxAgeDays: streamMaxAgeDays },
    databases: Object.fromEntries(
      Object.keys(config.databases).map((name) => [name, databaseOf(host, asking, name)]),
    ),
    aggregates,
    health: Object.fromEntries(
      services
        .filter(({ schema }) => schema !== undefined)
        .map(({ name }) => [name, open.get(name)?.health ?? remote(nats, name, HealthService)]),
    ),
    reactors: services
      .filter(({ reactions }) => reactions.length > 0)
      .map(({ name, reactions, reactsWith = () => reactions }) => ({
        service: name,
        reactions: reactsWith(config.services[name] ?? {}),
        handlers: open.get(name)?.reactions ?? remote(nats, name, ReactionService),
      })),
  }
}

/** The database of the service `owner`, as the service `asking` reaches it. */
function databaseOf({ config, asRole }: Host, asking: string, owner: string): DatabaseOptions {
  const { databases, common } = config
  const url = databases[owner] ?? ''
  return {
    url: asRole?.(asking, url) ?? url,
    applicationName: `tillstream ${owner}`,
    maxConnections: common.databaseConnections,
    statementTimeoutMs: common.statementTimeoutMs,
  }
}

function serve(scope: Scope, { log, nats }: Host, { name, contract }: Service, opened: Opened): void {
  if (contract && opened.handlers) serveRpc(scope, log, nats, name, contract, opened.handlers)
  if (opened.health) serveRpc(scope, log, nats, name, HealthService, opened.health)
  if (opened.reactions) serveRpc(scope, log, nats, name, ReactionService, opened.reactions)
}
