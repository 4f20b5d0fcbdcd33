import type { Once } from './call.ts'
import type { Sql } from './database.ts'
import { keyInUse, keyReused } from './do-once.ts'

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
  if (!once) return
  const claimed = await tx.$executeRawUnsafe(
    `insert into ${schema}.idempotency_keys (key, fingerprint, thing, at) values ($1, $2, $3, now())
     on conflict (key) do nothing`,
    ...[once.key, once.fingerprint, thing],
  )
  if (claimed === 0) throw keyInUse()
  await tx.$executeRawUnsafe(
    `delete from ${schema}.idempotency_keys where key in (
       select key from ${schema}.idempotency_keys where at < now() - interval '${keptFor}' order by at
       limit ${removedAtOnce} for update skip locked)`,
  )
}

/** Returns the id of what the same request has brought about. Refuses a key that was used for another request. */
export async function findKey(sql: Sql, schema: string, once: Once): Promise<string | undefined> {
  const [found] = await sql.$queryRawUnsafe<{ readonly fingerprint: string; readonly thing: string }[]>(
    `select fingerprint, thing from ${schema}.idempotency_keys where key = $1`,
    once.key,
  )
  if (!found) return undefined
  if (found.fingerprint !== once.fingerprint) throw keyReused()
  return found.thing
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
  }
}
