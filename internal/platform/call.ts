import { permissionMissing, type Permission } from './permissions.ts'
import { Refusal } from './refusal.ts'

export type Role = 'customer' | 'staff' | 'admin'

/**
 * Who asks: a person through the gateway, or one of our own processes. A guest is nobody but the owner of a cart, whose token
 * the gateway has checked, and a buyer nobody but the owner of an order whose token it has checked.
 */
export type Actor =
  | User
  /** A back end with an API key. It is no person, so it owns nothing. */
  | { readonly kind: 'key'; readonly keyId: string; readonly permissions: readonly Permission[] }
  | { readonly kind: 'guest'; readonly cartId: string }
  | { readonly kind: 'buyer'; readonly orderId: string }
  | { readonly kind: 'system' }

type User = {
  readonly kind: 'user'
  readonly userId: string
  readonly role: Role
  /** Of staff: what they were given. */
  readonly permissions?: readonly Permission[]
}

/** Whose acts the log of who did what keeps: staff, admins and API keys. */
export type By = { readonly kind: 'user' | 'key'; readonly id: string; readonly address: string }

/** The request context: what every call carries besides its request. */
export type Call = {
  /** Undefined when nobody is logged in. */
  readonly actor: Actor | undefined
  readonly correlationId: string
  /** W3C trace context; empty when there is none. */
  readonly traceparent: string
  /** Present when the request came with an Idempotency-Key. */
  readonly once?: Once
  /** Present when the log keeps what the caller does. One service passes it on to the next. */
  readonly by?: By
  /** Until when the caller waits, by `performance.now()` of this process. Absent when the caller has not said. */
  readonly untilMs?: number
}

/** By this a request is recognised that is repeated under its Idempotency-Key. Both are digests. */
export type Once = {
  /** Of the caller, the route with its parameters, and the key. */
  readonly key: string
  /** Of the body: another one under the same key is another request. */
  readonly fingerprint: string
}

/** A call that one of our own processes makes. */
export function systemCall(correlationId: string, traceparent = ''): Call {
  return { actor: { kind: 'system' }, correlationId, traceparent }
}

export function requireUser(call: Call): User {
  if (call.actor?.kind !== 'user') throw new Refusal('unauthenticated', 'auth.required', 'log in first')
  return call.actor
}

/** Somebody who can have an order or see those of others: not a guest who has only a cart. */
export function requireBuyer({ actor }: Call): void {
  if (actor === undefined || actor.kind === 'guest')
    throw new Refusal('unauthenticated', 'auth.required', 'log in first')
}

/** For what nobody can be given: staff, permissions and API keys. */
export function requireAdmin(call: Call): void {
  if (call.actor?.kind === 'system') return
  if (call.actor?.kind === 'key' || requireUser(call).role !== 'admin')
    throw new Refusal('forbidden', 'auth.forbidden', 'this is for admins only')
}

/** Our own processes may everything, admins too, and staff and API keys what they were given. */
export function may({ actor }: Call, permission: Permission): boolean {
  if (actor?.kind === 'key') return actor.permissions.includes(permission)
  if (actor?.kind !== 'user') return actor?.kind === 'system'
  if (actor.role === 'staff') return actor.permissions?.includes(permission) ?? false
  return actor.role === 'admin'
}

export function requirePermission(call: Call, permission: Permission): void {
  if (may(call, permission)) return
  if (call.actor?.kind !== 'key' && requireUser(call).role !== 'staff')
    throw new Refusal('forbidden', 'auth.forbidden', 'this is for staff only')
  throw permissionMissing(permission)
}

export function requireSystem(call: Call): void {
  if (call.actor?.kind !== 'system')
    throw new Refusal('forbidden', 'auth.forbidden', 'this is for services only')
}

/** Whoever has the permission may deal with everybody's data, all others only with their own. */
export const seesAll: (call: Call, permission: Permission) => boolean = may

/** The origin of a change, which its events carry on. */
export type Trace = {
  readonly correlationId: string
  /** The id of the event that caused the change; empty when a person caused it. */
  readonly causationId: string
  readonly traceparent: string
  /** Present when the log keeps the change. It goes no further: what follows from it by an event has nobody. */
  readonly by?: By
}

export function traceOf({ correlationId, traceparent, by }: Call, causationId = ''): Trace {
  return by ? { correlationId, causationId, traceparent, by } : { correlationId, causationId, traceparent }
}
