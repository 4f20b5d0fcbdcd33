import type { Trace } from '../../platform/call.ts'
import { partsOf } from '../../platform/message-size.ts'
import { Refusal } from '../../platform/refusal.ts'
import type { Families } from '../catalogue/application/families.ts'
import type { ListedProduct } from '../catalogue/application/products.ts'
import {
  familyNotFound,
  optionsKey,
  optionsTaken,
  requireMember,
  type Family,
  type FamilyChange,
} from '../catalogue/domain/family.ts'
import type { Product } from '../catalogue/domain/product.ts'
import { encodeFamilyEvent } from '../catalogue/infrastructure/family-events.ts'
import type { FamilyId } from '../domain/ids.ts'
import type { InventoryTables } from './inventory-tables.ts'

export function fakeFamilies(tables: InventoryTables): Families {
  const { families, keys } = tables
  const live = (id: FamilyId): Family | undefined => {
    const family = families.get(id)
    return family?.deletedAt ? undefined : family
  }
  const store = ({ state, events }: FamilyChange, trace: Trace): Family => {
    families.set(state.id, state)
    tables.append(events.map((event) => encodeFamilyEvent(event, trace)))
    return state
  }
  const listed = (product: Product): ListedProduct => ({
    ...{ product, available: tables.stock.get(product.id)?.available ?? 0 },
  })
  return {
    async read(ids, maxMembers) {
      const [read = [], ...unread] = partsOf(ids, maxMembers, (id) => membersOf(tables, id).length)
      return {
        families: read.flatMap((id) => {
          const family = live(id)
          return family ? [{ family, members: membersOf(tables, id).map(listed) }] : []
        }),
        unread: unread.flat(),
      }
    },
    async list(limit, before) {
      const all = [...families.values()].filter(({ id, deletedAt }) => !deletedAt && (!before || id < before))
      return all.sort((one, other) => (one.id < other.id ? 1 : -1)).slice(0, limit)
    },
    async findByRequest(once) {
      const id = keys.find(once) as FamilyId | undefined
      if (id === undefined) return undefined
      const family = live(id)
      if (!family) throw familyNotFound()
      return family
    },
    async add(change, trace, once) {
      keys.claim(once, change.state.id)
      return store(change, trace)
    },
    async update(id, decide, trace) {
      const family = live(id)
      if (!family) throw familyNotFound()
      return store(decide(family, membersOf(tables, id).length > 0), trace)
    },
  }
}

const membersOf = ({ products }: InventoryTables, id: FamilyId): readonly Product[] =>
  [...products.values()]
    .filter(({ membership, deletedAt }) => membership?.familyId === id && !deletedAt)
    .sort((one, other) => (one.id < other.id ? -1 : 1))

/** What `requirePlaces` and the unique index do with a database. */
export function requirePlaceInMemory(tables: InventoryTables, { id, membership }: Product): void {
  if (!membership) return
  const family = tables.families.get(membership.familyId)
  if (!family || family.deletedAt)
    throw new Refusal('invalid', 'product.invalid', 'there is no such family', { field: 'familyId' })
  const others = membersOf(tables, family.id).filter((other) => other.id !== id)
  requireMember(family, membership, others.length)
  const key = optionsKey(membership)
  if (others.some((other) => other.membership && optionsKey(other.membership) === key)) throw optionsTaken()
}
