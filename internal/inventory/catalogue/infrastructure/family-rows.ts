import type { Sql } from '../../../platform/database.ts'
import { Refusal } from '../../../platform/refusal.ts'
import type { FamilyId } from '../../domain/ids.ts'
import { requireMember, type Family } from '../domain/family.ts'
import type { Product } from '../domain/product.ts'

export type FamilyRow = {
  readonly id: FamilyId
  readonly name: string
  readonly options: readonly string[]
  readonly version: number
  readonly created_at: Date
  readonly updated_at: Date
}

export const selectFamilies =
  'select id, name, options, version, created_at, updated_at from inventory.families f'

export function familyOf({ id, name, options, version, ...times }: FamilyRow): Family {
  const { created_at: createdAt, updated_at: updatedAt } = times
  return { ...{ id, name, options, version, createdAt, updatedAt }, deletedAt: undefined }
}

export async function lockFamily(tx: Sql, id: FamilyId): Promise<Family | undefined> {
  return (await lockFamilies(tx, [id])).get(id)
}

async function lockFamilies(tx: Sql, ids: readonly FamilyId[]): Promise<ReadonlyMap<FamilyId, Family>> {
  const rows = await tx.$queryRawUnsafe<FamilyRow[]>(lockSql, ids)
  return new Map(rows.map((row) => [row.id, familyOf(row)]))
}

/**
 * Refuses places that the families have not. They are not deleted, and nobody else comes into them, until the products are
 * stored.
 */
export async function requirePlaces(tx: Sql, products: readonly Product[]): Promise<void> {
  const memberships = products.flatMap(({ membership }) => membership ?? [])
  if (memberships.length === 0) return
  const familyIds = memberships.map(({ familyId }) => familyId)
  const families = await lockFamilies(tx, familyIds)
  const ids = products.map(({ id }) => id)
  const others = await tx.$queryRawUnsafe<Others[]>(othersSql, familyIds, ids)
  const sizes = new Map(others.map(({ id, size }) => [id, size]))
  for (const membership of memberships) {
    const family = families.get(membership.familyId)
    if (!family)
      throw new Refusal('invalid', 'product.invalid', 'there is no such family', { field: 'familyId' })
    const size = sizes.get(family.id) ?? 0
    requireMember(family, membership, size)
    sizes.set(family.id, size + 1)
  }
}

const lockSql = `${selectFamilies} where id = any ($1::uuid[]) and deleted_at is null order by id for update`

type Others = { readonly id: FamilyId; readonly size: number }

/** Besides those that are being stored. */
const othersSql = `select family_id as id, count(*)::int as size from inventory.products
  where family_id = any ($1::uuid[]) and id <> all ($2::uuid[]) and deleted_at is null group by family_id`
