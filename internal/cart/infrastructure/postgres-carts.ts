import type { Once, Trace } from '../../platform/call.ts'
import { isDatabaseOutage, retryContention, sqlState, type Sql } from '../../platform/database.ts'
import { keyInUse } from '../../platform/do-once.ts'
import { failpoint } from '../../platform/failpoint.ts'
import { keyFinder } from '../../platform/idempotency-keys.ts'
import { coalesce, groupCommit, writeFirsts } from '../../platform/group-commit.ts'
import type { WakeProducer } from '../../platform/outbox.ts'
import type { PoolSql } from '../../platform/pool-sql.ts'
import type { Carts, Owner } from '../application/ports.ts'
import type { Cart, CartChange, CartId } from '../domain/cart.ts'
import { liveStatuses } from '../domain/cart.ts'
import { hourOf } from './cart-columns.ts'
import { encodeCartEvent } from './cart-events.ts'
import { findCarts, selectCarts } from './cart-rows.ts'
import { removeGuests, removeOldKeys } from './remove-carts.ts'
import { writeCarts } from './write-carts.ts'

type Write = { readonly change: CartChange; readonly trace: Trace; readonly once: Once | undefined }

const uniqueViolation = '23505'

export function postgresCarts(sql: PoolSql, wakeProducer: WakeProducer): Carts {
  const write = groupCommit((writes: readonly Write[]) => writeAll(sql, writes, wakeProducer), {
    maxBatch: 200,
    inFlight: 1,
    isOutage: isDatabaseOutage,
  })
  const find = coalesce((owners: readonly string[]) => findAll(sql, owners))
  const findById = async (id: CartId): Promise<Cart | undefined> => (await find([id])).get(id)
  const findKey = keyFinder(sql, 'carts')
  return {
    findById,
    async find(owner) {
      const key = keyOf(owner)
      const cart = (await find([key])).get(key)
      const isOwn = owner.kind === 'user' || cart?.userId === undefined
      return cart && isOwn && liveStatuses.includes(cart.status) ? cart : undefined
    },
    findByRequest: async (once) => (await findKey(once)) as CartId | undefined,
    async store(change, trace, once) {
      try {
        return await write({ change, trace, once })
      } catch (err) {
        throw once && sqlState(err) === uniqueViolation ? keyInUse() : err
      }
    },
    async storeMerge({ source, target }, trace) {
      const changes = target ? [target, source] : [source]
      const stored = await retryContention(() => storeTogether(sql, changes, trace))
      if (stored) wakeProducer()
      return stored
    },
    untouchedSince: (before, limit) =>
      selectCarts(
        sql,
        'c.quiet_from <= $1 and c.updated_at < $2 order by c.quiet_from limit $3',
        ...[hourOf(before), before, limit],
      ),
    lockedSince: (before, limit) =>
      selectCarts(
        sql,
        `c.status = 'locked' and c.touched_at <= $1 and c.updated_at < $2 order by c.touched_at limit $3`,
        ...[hourOf(before), before, limit],
      ),
    removeGuests: (before, limit) => removeGuests(sql, before, limit),
    removeOldKeys: (limit) => removeOldKeys(sql, limit),
  }
}

/** A cart has the same key by its id, whoever asks. A user's is told from it by what no id has. */
const userKey = 'user '
const keyOf = (owner: Owner): string => (owner.kind === 'user' ? `${userKey}${owner.userId}` : owner.cartId)

async function findAll(sql: Sql, keys: readonly string[]): Promise<ReadonlyMap<string, Cart>> {
  const users = new Set<string>()
  const ids = new Set<string>()
  for (const key of keys)
    if (key.startsWith(userKey)) users.add(key.slice(userKey.length))
    else ids.add(key)
  const found = new Map<string, Cart>()
  for (const cart of await findCarts(sql, [...ids], [...users])) {
    // One that was asked for by its id may be a user's former one.
    const isLive = liveStatuses.includes(cart.status)
    if (ids.has(cart.id)) found.set(cart.id, cart)
    if (isLive && cart.userId !== undefined && users.has(cart.userId))
      found.set(`${userKey}${cart.userId}`, cart)
  }
  return found
}

const writeAll = (
  sql: Sql,
  writes: readonly Write[],
  wakeProducer: WakeProducer,
): Promise<readonly boolean[]> =>
  writeFirsts(
    writes,
    ({ change }) => change.state.id,
    async (chosen) => {
      const events = chosen.flatMap(({ change, trace }) =>
        change.events.map((event) => encodeCartEvent(event, trace)),
      )
      const keys = chosen.flatMap(({ change, once }) => (once ? [{ once, cart: change.state }] : []))
      const changes = chosen.map(({ change }) => change)
      const stored = await retryContention(() => writeCarts(sql, changes, keys, events))
      failpoint('commit-wake')
      if (stored.size > 0) wakeProducer()
      return stored
    },
  )

/** All of them or none. */
async function storeTogether(sql: PoolSql, changes: readonly CartChange[], trace: Trace): Promise<boolean> {
  const events = changes.flatMap((change) => change.events.map((event) => encodeCartEvent(event, trace)))
  const lost = new Error('another writer was quicker')
  try {
    await sql.transaction(async (tx) => {
      const stored = await writeCarts(tx, changes, [], events)
      if (stored.size < changes.length) throw lost
      failpoint('insert-commit')
    })
    return true
  } catch (err) {
    if (err === lost) return false
    throw err
  }
}
