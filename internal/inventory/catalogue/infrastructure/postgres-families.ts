import { recordActs } from '../../../platform/activity.ts'
import type { Trace } from '../../../platform/call.ts'
import { retryContention, type Sql } from '../../../platform/database.ts'
import { claimKey, findKey } from '../../../platform/idempotency-keys.ts'
import { partsOf } from '../../../platform/message-size.ts'
import { appendToOutbox, type WakeProducer } from '../../../platform/outbox.ts'
import type { PoolSql } from '../../../platform/pool-sql.ts'
import type { FamilyId } from '../../domain/ids.ts'
import type { Families, FoundFamilies } from '../application/families.ts'
import { familyNotFound, type Family, type FamilyChange } from '../domain/family.ts'
import { encodeFamilyEvent } from './family-events.ts'
import { familyOf, lockFamily, selectFamilies, type FamilyRow } from './family-rows.ts'
import { fromRow, liveProducts, selectProduct, selectProducts } from './product-rows.ts'

export function postgresFamilies(sql: PoolSql, wakeProducer: WakeProducer): Families {
  const commit = async (work: (tx: Sql) => Promise<Family>): Promise<Family> => {
    const family = await retryContention(() => sql.transaction(work))
    wakeProducer()
    return family
  }
  return {
    read: (ids, maxMembers) => readFamilies(sql, ids, maxMembers),
    async list(limit, before) {
      const rows = await sql.$queryRawUnsafe<FamilyRow[]>(listSql, before ?? lastId, limit)
      return rows.map(familyOf)
    },
    async findByRequest(once) {
      const id = await findKey(sql, 'inventory', once)
      if (id === undefined) return undefined
      const [row] = await sql.$queryRawUnsafe<FamilyRow[]>(findSql, [id])
      const family = row && familyOf(row)
      if (!family) throw familyNotFound()
      return family
    },
    add: (change, trace, once) =>
      commit(async (tx) => {
        await claimKey(tx, 'inventory', once, change.state.id)
        return store(tx, undefined, change, trace)
      }),
    update: (id, decide, trace) =>
      commit(async (tx) => {
        const family = await lockFamily(tx, id)
        if (!family) throw familyNotFound()
        const [row] = await tx.$queryRawUnsafe<{ readonly found: boolean }[]>(hasMembersSql, id)
        return store(tx, family, decide(family, row?.found ?? false), trace)
      }),
  }
}

async function readFamilies(
  sql: PoolSql,
  ids: readonly FamilyId[],
  maxMembers: number,
): Promise<FoundFamilies> {
  const sizes = await sql.$queryRawUnsafe<{ readonly id: FamilyId; readonly size: number }[]>(sizesSql, ids)
  const sizeOf = new Map(sizes.map(({ id, size }) => [id, size]))
  const [read = [], ...unread] = partsOf(ids, maxMembers, (id) => sizeOf.get(id) ?? 0)
  const [rows, members] = await Promise.all([
    sql.$queryRawUnsafe<FamilyRow[]>(findSql, read),
    selectProducts(sql, membersSql, read),
  ])
  const families = new Map(rows.map((row) => [row.id, familyOf(row)]))
  return {
    families: read.flatMap((id) => {
      const family = families.get(id)
      return family ? [{ family, members: members.filter((row) => row.family_id === id).map(fromRow) }] : []
    }),
    unread: unread.flat(),
  }
}

async function store(
  tx: Sql,
  before: Family | undefined,
  { state, events }: FamilyChange,
  trace: Trace,
): Promise<Family> {
  if (events.length === 0) return state
  const { id, name, options, version, createdAt, updatedAt, deletedAt } = state
  const columns = [id, name, options, version, createdAt, updatedAt, deletedAt ?? null]
  await tx.$executeRawUnsafe(storeSql, ...columns)
  await appendToOutbox(
    tx,
    events.map((event) => encodeFamilyEvent(event, trace)),
  )
  const what = deletedAt ? 'deleted' : before ? 'updated' : 'created'
  const after = deletedAt ? undefined : { name, options }
  const act = { what: `family.${what}`, subjectId: id, after }
  await recordActs(tx, trace, [before ? { ...act, before: { name: before.name, options } } : act])
  return state
}

/** Behind all others. */
const lastId = 'ffffffff-ffff-ffff-ffff-ffffffffffff'

const findSql = `${selectFamilies} where id = any ($1::uuid[]) and deleted_at is null`

const sizesSql = `select family_id as id, count(*)::int as size from inventory.products
  where family_id = any ($1::uuid[]) and deleted_at is null group by family_id`

const listSql = `${selectFamilies} where id < $1::uuid and deleted_at is null order by id desc limit $2::int`

const membersSql = `${selectProduct(liveProducts)} where p.family_id = any ($1::uuid[]) order by p.id`

const hasMembersSql = `select exists (
  select from inventory.products where family_id = $1::uuid and deleted_at is null) as found`

const storeSql = `insert into inventory.families (id, name, options, version, created_at, updated_at, deleted_at)
  values ($1::uuid, $2, $3::text[], $4::int, $5::timestamptz, $6::timestamptz, $7::timestamptz)
  on conflict (id) do update set name = excluded.name, version = excluded.version,
    updated_at = excluded.updated_at, deleted_at = excluded.deleted_at`
