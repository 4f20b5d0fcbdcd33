import type { Once } from './call.ts'
import type { Sql } from './database.ts'
import { keyInUse, keyReused } from './do-once.ts'
import { coalesce } from './group-commit.ts'

// Each schema whose service takes keys has a table of its own (prisma/<service>), so that a key is stored in the
// transaction of what was done under it.

/** Far longer than a client repeats a request. */
const keptFor = '7 days'
/** Old keys are removed where new ones are added, a few at a time, so that no request has to wait for many. */
const removedAtOnce = 10

/**
 * Stores the key in the transaction of the effect. Refuses a key that is there; whoever claims it at the same time waits
 * until the first transaction has ended.
 */
export async function claimKey(
  tx: Sql,
  schema: string,
  once: Once | undefined,
  thing: string,
): Promise<void> {
  if (once) await claimKeys(tx, schema, [{ once, thing }])
}

/** The same for the keys of several effects of one transaction. One that is there refuses them all. */
export async function claimKeys(
  tx: Sql,
  schema: string,
  keys: readonly { readonly once: Once; readonly thing: string }[],
): Promise<void> {
  if (keys.length === 0) return
  const claimed = await tx.$executeRawUnsafe(
    `with old as (
       delete from ${schema}.idempotency_keys where key in (
         select key from ${schema}.idempotency_keys where at < now() - interval '${keptFor}' order by at
         limit ${removedAtOnce} for update skip locked)
     )
     insert into ${schema}.idempotency_keys (key, fingerprint, thing, at)
     select key, fingerprint, thing, now() from unnest($1::text[], $2::text[], $3::text[]) as k (key, fingerprint, thing)
     order by key on conflict (key) do nothing`,
    keys.map(({ once }) => once.key),
    keys.map(({ once }) => once.fingerprint),
    keys.map(({ thing }) => thing),
  )
  if (claimed < keys.length) throw keyInUse()
}

/** Returns the id of what the same request has brought about. Refuses a key that was used for another request. */
export async function findKey(sql: Sql, schema: string, once: Once): Promise<string | undefined> {
  return thingOf((await findKeys(sql, schema, [once.key])).get(once.key), once)
}

/** The same for a hot path: requests that come together are looked up together. */
export function keyFinder(sql: Sql, schema: string): (once: Once) => Promise<string | undefined> {
  const find = coalesce((keys: readonly string[]) => findKeys(sql, schema, keys))
  return async (once) => thingOf((await find([once.key])).get(once.key), once)
}

type KeptKey = { readonly fingerprint: string; readonly thing: string }

function thingOf(found: KeptKey | undefined, once: Once): string | undefined {
  if (!found) return undefined
  if (found.fingerprint !== once.fingerprint) throw keyReused()
  return found.thing
}

async function findKeys(
  sql: Sql,
  schema: string,
  keys: readonly string[],
): Promise<ReadonlyMap<string, KeptKey>> {
  const rows = await sql.$queryRawUnsafe<readonly (KeptKey & { readonly key: string })[]>(
    `select key, fingerprint, thing from ${schema}.idempotency_keys where key = any($1::text[])`,
    keys,
  )
  return new Map(rows.map((row) => [row.key, row]))
}

/** The same in memory, for stores that stand in for real ones in tests. */
export function keysInMemory() {
  const keys = new Map<string, { readonly fingerprint: string; readonly thing: string }>()
  return {
    claim(once: Once | undefined, thing: string): void {
      if (!once) return
      if (keys.has(once.key)) throw keyInUse()
      keys.set(once.key, { fingerprint: once.fingerprint, thing })
    },
    find(once: Once): string | undefined {
      const found = keys.get(once.key)
      if (found && found.fingerprint !== once.fingerprint) throw keyReused()
      return found?.thing
    },
    /** The transaction that has claimed it is rolled back. */
    free: ({ key }: Once): void => void keys.delete(key),
    /** As if the requests that have made it had never come. */
    forget(thing: string): void {
      for (const [key, { thing: made }] of keys) if (made === thing) keys.delete(key)
    },
  }
}
