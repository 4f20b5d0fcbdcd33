import { may, type Call } from '../call.ts'
import { permissionMissing, type Permission } from '../permissions.ts'
import { Refusal } from '../refusal.ts'
import type { Standing } from './standing.ts'
import type { Identity } from './tokens.ts'

/**
 * `customer` means everybody who is logged in, including admins. `shopper` is everybody who can have a cart: they, and
 * guests with or without a Cart-Token; a token that is not ours is refused. `buyer` is everybody who is logged in, and
 * guests with the Order-Token of what is asked for. `staff` are those who have the permission, and admins; `admin` is for
 * what nobody can be given.
 */
export type Access = 'anyone' | 'shopper' | 'buyer' | 'customer' | 'staff' | 'admin'

/** What a route or a method asks of its callers. */
export type Guarded = {
  readonly access: Access
  /** What staff and API keys need for it. Without one it is not for API keys. */
  readonly permission?: Permission
  /** True when staff who have yet to set up a second factor may use it. */
  readonly isForSetup?: boolean
}

export type Caller = {
  readonly call: Call
  readonly identity: Identity | undefined
  /** Why the token was not accepted. It does not matter where anyone may call. */
  readonly refused: Refusal | undefined
  /** Of an API key; that of an identity is in it. */
  readonly keyStanding?: Standing
}

/** Returns undefined when the caller may use what is guarded. */
export function refusalToCall(
  { access, permission, isForSetup = false }: Guarded,
  { call, identity, refused }: Caller,
  needsSecondFactor = false,
): Refusal | undefined {
  if (call.actor?.kind === 'key' && access !== 'anyone') {
    if (!permission) return new Refusal('forbidden', 'auth.key-not-allowed', 'this is not for API keys')
    return may(call, permission) ? undefined : permissionMissing(permission)
  }
  // Whether a guest's token is one of ours has been decided by then (shoppers.ts), as for a buyer's.
  if (access === 'anyone' || access === 'shopper') return undefined
  if (access === 'buyer' && call.actor?.kind === 'buyer') return undefined
  if (!identity) return refused ?? new Refusal('unauthenticated', 'auth.required', 'log in first')
  const isStaff = identity.role !== 'customer'
  if (isStaff && needsSecondFactor && !identity.hasSecondFactor && !isForSetup) return secondFactorMissing()
  if ((access === 'admin' && identity.role !== 'admin') || (access === 'staff' && !isStaff))
    return new Refusal(
      'forbidden',
      'auth.forbidden',
      `this is for ${access === 'staff' ? access : 'admins'} only`,
    )
  if (access === 'staff' && permission && !may(call, permission)) return permissionMissing(permission)
  return undefined
}

const secondFactorMissing = (): Refusal =>
  new Refusal('forbidden', 'auth.second-factor-missing', 'set up a second factor first')
