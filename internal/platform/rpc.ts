import { headers, RequestError, TimeoutError, type Msg, type MsgHdrs } from '@nats-io/transport-node'
import type { Actor, By, Call, Once } from './call.ts'
import type { Log } from './log.ts'
import { watchLoopDelay } from './loop-delay.ts'
import type { Nats } from './nats.ts'
import { toRefusal } from './outage.ts'
import { isPermission } from './permissions.ts'
import { Refusal, type RefusalKind } from './refusal.ts'
import type { Scope } from './run.ts'
import type { AnyContract, Handlers } from './service.ts'

/** Long enough for a busy database, short enough that the gateway's caller still waits. */
const defaultTimeoutMs = 5_000
/** How long the caller waits, in milliseconds. A duration, unlike a time, means the same where clocks differ. */
const patienceHeader = 'patience-ms'
/** Present when the caller outside has said how long it waits: all calls that follow from its own end by then. */
const limitHeader = 'limit-ms'

type AnyHandler = (request: unknown, call: Call) => Promise<unknown>
type Reply = { readonly ok: unknown } | { readonly refused: WireRefusal }
type WireRefusal = { kind: RefusalKind; code: string; message: string; details?: Record<string, unknown> }

/** Answers `svc.<service>.<method>` for a contract; replicas share the load through the queue group. */
export function serveRpc<Contract extends AnyContract>(
  scope: Scope,
  log: Log,
  nats: Nats,
  service: string,
  contract: Contract,
  handlers: Handlers<Contract>,
): void {
  const underWay = new Set<Promise<void>>()
  const loopDelay = watchLoopDelay()
  const subscriptions = Object.keys(contract.method).map((method) => {
    const handler = (handlers as Record<string, AnyHandler>)[method]
    if (!handler) throw new Error(`${service} has no handler for ${method}`)
    return nats.connection.subscribe(subjectOf(service, method), {
      queue: service,
      callback(err, message) {
        if (err) {
          log.error({ err, service }, 'rpc subscription failed')
          return
        }
        if (isGivenUp(message, loopDelay.longestWaitMs())) return
        const answered = answer(log, message, handler).finally(() => underWay.delete(answered))
        underWay.add(answered)
      },
    })
  })
  scope.onClose(`${service} rpc`, async () => {
    // Draining accepts no new requests but still hands out those that have arrived. After it all answers are awaited.
    if (nats.isConnected()) await Promise.all(subscriptions.map((subscription) => subscription.drain()))
    await Promise.all(underWay)
    loopDelay.stop()
  })
}

/**
 * True when the caller has already given up and reported a failure, so that the request must not be executed any more.
 * Only the time that the request has waited in this process is counted, by this process's own clock. The time on the
 * wire and in the broker could only be measured by comparing the clocks of two machines, so a request that was held up
 * there is executed late; that is safe because every write is idempotent. A caller without the header is taken to wait
 * for the default.
 */
function isGivenUp({ headers: read }: Msg, waitedMs: number): boolean {
  return waitedMs > (Number(read?.get(patienceHeader)) || defaultTimeoutMs)
}

async function answer(log: Log, message: Msg, handler: AnyHandler): Promise<void> {
  let reply: Reply
  try {
    reply = { ok: await handler(message.json(), readCall(message.headers)) }
  } catch (err) {
    const refusal = toRefusal(err)
    reply = { refused: toWire(refusal) }
    if (refusal !== err) log.error({ err, subject: message.subject }, 'rpc failed')
  }
  // The answer is usually too large then. The caller gets an error instead of waiting for an answer that never comes.
  if (!sent(log, message, reply)) sent(log, message, { refused: toWire(toRefusal(undefined)) })
}

function sent(log: Log, message: Msg, reply: Reply): boolean {
  try {
    return message.respond(JSON.stringify(reply))
  } catch (err) {
    log.error({ err, subject: message.subject }, 'rpc answer could not be sent')
    return false
  }
}

/**
 * A service in another process, called over NATS. Calls are refused with service.unavailable when it does not answer.
 */
export function remote<Contract extends AnyContract>(
  nats: Nats,
  service: string,
  contract: Contract,
  { timeoutMs = defaultTimeoutMs }: { readonly timeoutMs?: number } = {},
): Handlers<Contract> {
  const entries = Object.keys(contract.method).map((method) => {
    const subject = subjectOf(service, method)
    return [
      method,
      (request: unknown, call: Call) => ask({ nats, service, subject, timeoutMs }, request, call),
    ] as const
  })
  // The keys are the contract's methods, and serveRpc answers each with its handler's own type.
  return Object.fromEntries(entries) as unknown as Handlers<Contract>
}

type Target = {
  readonly nats: Nats
  readonly service: string
  readonly subject: string
  readonly timeoutMs: number
}

async function ask(
  { nats, service, subject, timeoutMs }: Target,
  request: unknown,
  call: Call,
): Promise<unknown> {
  // Without this check the client would buffer the request and send it after it had been reported as failed.
  if (!nats.isConnected()) throw unavailable(service)
  const patienceMs = Math.min(timeoutMs, Math.floor((call.untilMs ?? Infinity) - performance.now()))
  if (patienceMs < 1) throw outOfTime()
  let message: Msg
  try {
    message = await nats.connection.request(subject, JSON.stringify(request), {
      timeout: patienceMs,
      headers: writeCall(call, patienceMs),
    })
  } catch (err) {
    if (err instanceof TimeoutError || err instanceof RequestError || !nats.isConnected())
      throw unavailable(service)
    throw err
  }
  const reply = message.json<Reply>()
  if ('ok' in reply) return reply.ok
  const { kind, code, message: text, details } = reply.refused
  throw new Refusal(kind, code, text, details)
}

const subjectOf = (service: string, method: string): string => `svc.${service}.${method}`

const unavailable = (service: string): Refusal =>
  new Refusal(
    'unavailable',
    'service.unavailable',
    `the ${service} service does not answer; try again in a moment`,
  )

const outOfTime = (): Refusal =>
  new Refusal('unavailable', 'request.out-of-time', 'the caller waits no longer')

function toWire({ kind, code, message, details }: Refusal): WireRefusal {
  return { kind, code, message, ...(details ? { details } : {}) }
}

function writeCall(call: Call, patienceMs: number): MsgHdrs {
  const written = headers()
  written.set(patienceHeader, String(patienceMs))
  if (call.untilMs !== undefined) written.set(limitHeader, String(patienceMs))
  written.set('correlation-id', call.correlationId)
  if (call.traceparent) written.set('traceparent', call.traceparent)
  if (call.actor) written.set('actor', actorText(call.actor))
  if (call.by) written.set('by', `${call.by.kind} ${call.by.id} ${call.by.address}`)
  if (call.once) written.set('once', `${call.once.key} ${call.once.fingerprint}`)
  return written
}

function readCall(read: MsgHdrs | undefined): Call {
  const once = readOnce(read?.get('once') || '')
  const by = readBy(read?.get('by') || '')
  const limitMs = Number(read?.get(limitHeader))
  return {
    actor: readActor(read?.get('actor') || ''),
    correlationId: read?.get('correlation-id') || '',
    traceparent: read?.get('traceparent') || '',
    ...(once ? { once } : {}),
    ...(by ? { by } : {}),
    ...(limitMs > 0 ? { untilMs: performance.now() + limitMs } : {}),
  }
}

function readBy(text: string): By | undefined {
  const [kind, id, address = ''] = text.split(' ')
  return (kind === 'user' || kind === 'key') && id ? { kind, id, address } : undefined
}

function readOnce(text: string): Once | undefined {
  const [key, fingerprint] = text.split(' ')
  return key && fingerprint ? { key, fingerprint } : undefined
}

function actorText(actor: Actor): string {
  if (actor.kind === 'key') return `key:${actor.keyId}:${actor.permissions.join(',')}`
  if (actor.kind === 'user') {
    const { role, userId, permissions } = actor
    return permissions ? `${role}:${userId}:${permissions.join(',')}` : `${role}:${userId}`
  }
  if (actor.kind === 'guest') return `guest:${actor.cartId}`
  return actor.kind === 'buyer' ? `buyer:${actor.orderId}` : 'system'
}

function readActor(text: string): Actor | undefined {
  if (text === 'system') return { kind: 'system' }
  const [role, id, ...rest] = text.split(':')
  const permissions = rest.join(':').split(',').filter(isPermission)
  if (role === 'key' && id) return { kind: 'key', keyId: id, permissions }
  if (role === 'staff' && id) return { kind: 'user', userId: id, role, permissions }
  if ((role === 'customer' || role === 'admin') && id) return { kind: 'user', userId: id, role }
  if (role === 'guest' && id) return { kind: 'guest', cartId: id }
  return role === 'buyer' && id ? { kind: 'buyer', orderId: id } : undefined
}
