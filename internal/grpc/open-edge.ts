import { setTimeout as sleep } from 'node:timers/promises'
import {
  logVerbosity,
  Metadata,
  Server,
  setLogVerbosity,
  type sendUnaryData,
  type ServerUnaryCall,
} from '@grpc/grpc-js'
import { askedCallers, type CallerQuestions } from '../platform/callers/asked-callers.ts'
import type { GrpcAddress } from '../platform/grpc-settings.ts'
import { isLoopback } from '../platform/host.ts'
import type { Log } from '../platform/log.ts'
import { newId } from '../platform/new-id.ts'
import { toRefusal } from '../platform/outage.ts'
import { Refusal } from '../platform/refusal.ts'
import type { Scope } from '../platform/run.ts'
import type { AnyContract, Health } from '../platform/service.ts'
import { serveHealth } from './health.ts'
import { listen, type TlsFiles } from './listen.ts'
import { outsideMethods, type OutsideMethod } from './outside-methods.ts'
import { serveReflection } from './reflection.ts'
import { servedMethods, type EdgeLimits, type Handler } from './serve-methods.ts'
import { statusOf } from './status.ts'

/** What callers outside may do with a service. */
export type Outside = {
  readonly contract: AnyContract
  readonly handlers: Readonly<Record<string, Handler>>
  readonly users: CallerQuestions
  readonly limits: EdgeLimits
}

export type EdgeOptions = {
  readonly log: Log
  readonly service: string
  readonly address: GrpcAddress & { readonly variable: string }
  readonly tls: TlsFiles
  readonly health: Health
  /** Undefined: it answers for its health only. */
  readonly outside: Outside | undefined
}

/** The largest valid request is an order of 1,000 lines, which is a third of this. */
const maxRequestBytes = 256 * 1_024
/** As many calls are worked on at once. More are refused, and clients try again. */
const maxUnderWay = 512
/** What is under way when the service stops gets this long, within the nine seconds that the process has. */
const closeTimeoutMs = 7_000
/** Answers that were given still have to leave. */
const lastAnswersMs = 500

const serverOptions = {
  'grpc.max_receive_message_length': maxRequestBytes,
  'grpc.max_concurrent_streams': 256,
  'grpc.max_connection_idle_ms': 300_000,
  'grpc.keepalive_time_ms': 60_000,
  'grpc.keepalive_timeout_ms': 10_000,
}

/** Opens the gRPC listener of a service. Returns the address on which it listens. */
export async function openEdge(scope: Scope, options: EdgeOptions): Promise<string> {
  const { log, service, address, tls, health, outside } = options
  setLogVerbosity(logVerbosity.NONE) // what goes wrong is told by our own log
  const server = new Server(serverOptions)
  const methods = outside ? outsideMethods(outside.contract) : []
  const underWay = outside ? serveOutside(server, log, outside, methods) : new Set<Promise<void>>()
  const names = outside ? [outside.contract.typeName] : []
  const told = await serveHealth(scope, server, names, health)
  scope.onClose(`${service} grpc`, async () => {
    told.stop()
    await close(server, underWay)
  })
  const listening = await listen(server, address, tls)
  if (tls.cert === '' && !isLoopback(address.host))
    log.warn(
      { service, address: listening },
      'gRPC is plain beyond this machine; set GRPC_TLS_CERT and GRPC_TLS_KEY',
    )
  log.info({ service, address: listening, tls: tls.cert !== '' }, 'gRPC listening')
  return listening
}

function serveOutside(
  server: Server,
  log: Log,
  { contract, handlers, users, limits }: Outside,
  methods: readonly OutsideMethod[],
): ReadonlySet<Promise<void>> {
  const underWay = new Set<Promise<void>>()
  const answer = servedMethods({ log, callers: askedCallers(users), limits })
  const entries = methods.map((method) => {
    const handler = handlers[method.name]
    if (!handler) throw new Error(`there is no handler for ${method.path}`)
    const handle = (call: UnaryCall, respond: sendUnaryData<Buffer>): void => {
      const work = answered(log, call, respond, async (requestId) => {
        if (underWay.size >= maxUnderWay) throw overloaded()
        return answer(method, handler, { requestId, bytes: call.request, ...arrivalOf(call) })
      })
      underWay.add(work)
      void work.finally(() => underWay.delete(work))
    }
    return [method.name, handle] as const
  })
  const definition = Object.fromEntries(methods.map((method) => [method.name, definitionOf(method)]))
  server.addService(definition, Object.fromEntries(entries))
  serveReflection(
    server,
    contract,
    methods.map(({ desc }) => desc),
  )
  return underWay
}

type UnaryCall = ServerUnaryCall<Buffer, Buffer>

/** Bytes go in and out: they are read when it is known who calls. */
const definitionOf = ({ path, desc }: OutsideMethod) => ({
  ...({ path, originalName: desc.name, requestStream: false, responseStream: false } as const),
  ...{ requestSerialize: asIs, requestDeserialize: asIs, responseSerialize: asIs, responseDeserialize: asIs },
})

const asIs = (bytes: Buffer): Buffer => bytes

function arrivalOf(call: UnaryCall) {
  const deadline = call.getDeadline()
  return { metadata: call.metadata, peer: call.getPeer(), deadline: Number(deadline) }
}

/** Every call is answered, and has an id by which the log can be searched. */
async function answered(
  log: Log,
  call: UnaryCall,
  respond: sendUnaryData<Buffer>,
  work: (requestId: string) => Promise<Uint8Array>,
): Promise<void> {
  const requestId = newId()
  try {
    const bytes = await work(requestId)
    const trailers = new Metadata()
    trailers.set('x-request-id', requestId)
    respond(null, Buffer.from(bytes), trailers)
  } catch (err) {
    const refusal = toRefusal(err)
    if (refusal.kind === 'internal') log.error({ err, requestId, path: call.getPath() }, 'grpc call failed')
    respond(statusOf(refusal, requestId))
  }
}

const overloaded = (): Refusal =>
  new Refusal('unavailable', 'overloaded', 'too much at once; try again in a moment')

/** Takes no new calls, lets those under way end, and then cuts off what goes on for ever, such as a watched health. */
async function close(server: Server, underWay: ReadonlySet<Promise<void>>): Promise<void> {
  const closed = new Promise<void>((resolve) => server.tryShutdown(() => resolve()))
  const over = Promise.allSettled(underWay).then(() => sleep(lastAnswersMs))
  const ended = new AbortController()
  const timeUp = sleep(closeTimeoutMs, undefined, ended).catch(() => undefined)
  await Promise.race([closed, over, timeUp])
  ended.abort()
  server.forceShutdown()
}
