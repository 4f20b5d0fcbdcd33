import type { JsonObject } from '@bufbuild/protobuf'
import type { Metadata } from '@grpc/grpc-js'
import type { Call } from '../platform/call.ts'
import { refusalToCall, type Caller } from '../platform/callers/access.ts'
import { identify, type Identifying } from '../platform/callers/identify.ts'
import { invalid } from '../platform/callers/tokens.ts'
import type { Log } from '../platform/log.ts'
import { Refusal } from '../platform/refusal.ts'
import { callRates } from './call-rates.ts'
import { keyHeader, keyOf, onceOf } from './idempotency.ts'
import { readRequest, writeAnswer } from './messages.ts'
import type { OutsideMethod } from './outside-methods.ts'
import { addressOf, networkOf } from './peer.ts'

export type Handler = (request: JsonObject, call: Call) => Promise<unknown>

export type EdgeLimits = {
  readonly rateLimitPerMinute: number
  readonly apiKeyRequestsPerMinute: number
  readonly staffSecondFactor: 'optional' | 'required'
}

/** One call as it arrives. */
export type Arrived = {
  readonly requestId: string
  readonly metadata: Metadata
  readonly bytes: Uint8Array
  readonly peer: string
  /** Milliseconds since 1970 by this machine's clock, which has started when the call arrived; Infinity: without one. */
  readonly deadline: number
}

export type EdgeDeps = { readonly log: Log; readonly callers: Identifying; readonly limits: EdgeLimits }

/**
 * Answers calls from outside with the handlers that answer our own processes. Who calls is known and judged before the
 * request is read, as in REST.
 */
export function servedMethods({ log, callers, limits }: EdgeDeps) {
  const count = callRates()
  return async (method: OutsideMethod, handler: Handler, arrived: Arrived): Promise<Uint8Array> => {
    const { metadata, requestId, deadline } = arrived
    const address = networkOf(addressOf(arrived.peer))
    const asked = {
      ...{ correlationId: requestId, traceparent: metadata.get('traceparent')[0] },
      ...{ authorization: authorizationIn(metadata), address: () => address },
    }
    const caller = await identify(asked, callers)
    countCall(caller, address)
    const refusal = refusalToCall(method, caller, limits.staffSecondFactor === 'required')
    try {
      if (refusal) throw refusal
      const request = readRequest(method.desc.input, arrived.bytes)
      const leftMs = deadline - Date.now()
      if (leftMs <= 0) throw new Refusal('unavailable', 'request.out-of-time', 'the deadline has passed')
      const answer = await handler(...withKey(method, request, metadata, until(caller.call, leftMs)))
      const bytes = writeAnswer(method.desc.output, answer)
      record(method, caller, { address, requestId, code: 'ok' })
      return bytes
    } catch (err) {
      record(method, caller, { address, requestId, code: err instanceof Refusal ? err.code : 'internal' })
      throw err
    }
  }

  function countCall({ call: { actor }, identity }: Caller, address: string): void {
    if (actor?.kind === 'key') count(actor.keyId, limits.apiKeyRequestsPerMinute)
    else count(identity?.userId ?? address, limits.rateLimitPerMinute)
  }

  /** The log says what staff, admins and API keys do, but for reading what every caller may read. */
  function record(
    { name: operation, access }: OutsideMethod,
    { call, identity }: Caller,
    what: object,
  ): void {
    if (access === 'anyone') return
    if (call.actor?.kind === 'key')
      log.info({ ...what, keyId: call.actor.keyId, operation }, 'an API key acted')
    if (identity && identity.role !== 'customer')
      log.info({ ...what, staffId: identity.userId, role: identity.role, operation }, 'staff acted')
  }
}

function authorizationIn(metadata: Metadata): string | undefined {
  const values = metadata.get('authorization')
  if (values.length > 1) throw invalid()
  return values.length === 0 ? undefined : String(values[0])
}

/** Without a deadline the calls that follow have their own patience. */
const until = (call: Call, leftMs: number): Call =>
  leftMs === Infinity ? call : { ...call, untilMs: performance.now() + leftMs }

function withKey(
  { takesIdempotencyKey, path }: OutsideMethod,
  request: JsonObject,
  metadata: Metadata,
  call: Call,
): readonly [JsonObject, Call] {
  if (!takesIdempotencyKey) {
    if (metadata.get(keyHeader).length === 0) return [request, call]
    throw new Refusal('invalid', 'request.invalid', `this method takes no ${keyHeader}`)
  }
  const key = keyOf(metadata, request)
  if (key === undefined) return [request, call]
  const keyed = 'idempotencyKey' in request ? { ...request, idempotencyKey: key } : request
  return [keyed, { ...call, once: onceOf(call.actor, path, key, keyed) }]
}
