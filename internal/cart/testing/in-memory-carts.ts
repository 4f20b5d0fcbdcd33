import { keysInMemory } from '../../platform/idempotency-keys.ts'
import type { OutboxEvent } from '../../platform/outbox.ts'
import type { Trace } from '../../platform/call.ts'
import type { Carts } from '../application/ports.ts'
import { liveStatuses, type Cart, type CartChange, type CartEvent, type CartId } from '../domain/cart.ts'
import { encodeCartEvent } from '../infrastructure/cart-events.ts'

export type InMemoryCarts = Carts & {
  /** All events in the order of their commits. */
  readonly events: readonly CartEvent[]
  readonly all: () => readonly Cart[]
}

/** A store of carts in memory, which stores states and events together. `append` gets the events for the outbox. */
export function inMemoryCarts(
  append: (events: readonly OutboxEvent[]) => void = () => undefined,
): InMemoryCarts {
  const carts = new Map<CartId, Cart>()
  const events: CartEvent[] = []
  const requests = keysInMemory()
  const isLive = ({ status }: Cart): boolean => liveStatuses.includes(status)
  const ofUser = (userId: string): Cart | undefined =>
    [...carts.values()].find((cart) => cart.userId === userId && isLive(cart))

  function fits({ state, events: told }: CartChange): boolean {
    const expected = state.version - told.length
    const present = carts.get(state.id)
    if (expected > 0) return present?.version === expected
    return present === undefined && (state.userId === undefined || ofUser(state.userId) === undefined)
  }

  function put({ state, events: told }: CartChange, trace: Trace): void {
    carts.set(state.id, state)
    events.push(...told)
    append(told.map((event) => encodeCartEvent(event, trace)))
  }

  const oldest = (chosen: (cart: Cart) => boolean, before: Date, limit: number): readonly Cart[] =>
    [...carts.values()]
      .filter((cart) => chosen(cart) && cart.updatedAt < before)
      .sort((a, b) => a.updatedAt.getTime() - b.updatedAt.getTime())
      .slice(0, limit)

  return {
    events,
    all: () => [...carts.values()],
    async find(owner) {
      if (owner.kind === 'user') return ofUser(owner.userId)
      const cart = carts.get(owner.cartId)
      return cart && cart.userId === undefined && isLive(cart) ? cart : undefined
    },
    findById: async (id) => carts.get(id),
    findByRequest: async (once) => requests.find(once) as CartId | undefined,
    async store(change, trace, once) {
      if (!fits(change)) return false
      requests.claim(once, change.state.id)
      put(change, trace)
      return true
    },
    async storeMerge({ source, target }, trace) {
      const changes = target ? [target, source] : [source]
      if (!changes.every(fits)) return false
      for (const change of changes) put(change, trace)
      return true
    },
    untouchedSince: async (before, limit) =>
      oldest(({ status, lines }) => status === 'active' && lines.length > 0, before, limit),
    lockedSince: async (before, limit) => oldest(({ status }) => status === 'locked', before, limit),
    async removeGuests(before, limit) {
      const isOver = ({ userId, status }: Cart): boolean =>
        userId === undefined && ['active', 'abandoned', 'merged'].includes(status)
      const gone = oldest(isOver, before, limit)
      for (const { id } of gone) carts.delete(id)
      return gone.length
    },
    removeOldKeys: async () => 0,
  }
}
