import type { Call } from '../../platform/call.ts'
import { Refusal } from '../../platform/refusal.ts'
import type { CartId, UserId } from '../domain/cart.ts'
import type { Owner } from './ports.ts'

/** Whose cart a call is about; undefined for a guest who has none. Our own processes have no cart. */
export function ownerOf({ actor }: Call): Owner | undefined {
  if (actor === undefined) return undefined
  if (actor.kind === 'user') return { kind: 'user', userId: actor.userId as UserId }
  if (actor.kind === 'guest') return { kind: 'guest', cartId: actor.cartId as CartId }
  throw new Refusal('forbidden', 'auth.forbidden', 'this is for shoppers only')
}
