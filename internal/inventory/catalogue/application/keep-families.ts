import { requirePermission, traceOf, type Call } from '../../../platform/call.ts'
import { doOnce, type Done } from '../../../platform/do-once.ts'
import { Refusal } from '../../../platform/refusal.ts'
import type { FamilyId } from '../../domain/ids.ts'
import {
  createFamily,
  deleteFamily,
  familyNotFound,
  maxMembers,
  renameFamily,
  type Family,
} from '../domain/family.ts'
import type { Families, FoundFamilies, WholeFamily } from './families.ts'

type Deps = {
  readonly families: Families
  readonly newFamilyId: () => FamilyId
  readonly now: () => Date
}

type Changed = { readonly id: FamilyId; readonly expectedVersion: number | undefined }
type Page = { readonly families: readonly Family[]; readonly next: FamilyId | undefined }

/** A page that a screen can show. */
const maxLimit = 100

/** Of several families that are read together: a few full ones, or a page of usual ones. */
const membersAtOnce = 4 * maxMembers

/** What is asked of families. Whoever may write products keeps them. */
export function keepFamilies({ families, newFamilyId, now }: Deps) {
  return {
    async listFamilies(limit: number, before: FamilyId | undefined): Promise<Page> {
      if (!Number.isInteger(limit) || limit < 1 || limit > maxLimit)
        throw new Refusal('invalid', 'family.invalid', `limit must be a whole number from 1 to ${maxLimit}`)
      const found = await families.list(limit + 1, before)
      const shown = found.slice(0, limit)
      return { families: shown, next: found.length > limit ? shown.at(-1)?.id : undefined }
    },
    async getFamily(id: FamilyId): Promise<WholeFamily> {
      const [found] = (await families.read([id], maxMembers)).families
      if (!found) throw familyNotFound()
      return found
    },
    async readFamilies(ids: readonly FamilyId[]): Promise<FoundFamilies> {
      if (ids.length > maxLimit)
        throw new Refusal('invalid', 'family.invalid', `at most ${maxLimit} families are read at once`)
      return families.read([...new Set(ids)], membersAtOnce)
    },
    async createFamily(input: Parameters<typeof createFamily>[1], call: Call): Promise<Done<Family>> {
      requirePermission(call, 'products:write')
      const change = createFamily(newFamilyId(), input, now())
      return doOnce(call.once, families.findByRequest, () => families.add(change, traceOf(call), call.once))
    },
    async updateFamily({ id, expectedVersion }: Changed, name: string, call: Call): Promise<Family> {
      requirePermission(call, 'products:write')
      return families.update(
        id,
        (family) => renameFamily(family, name, expectedVersion, now()),
        traceOf(call),
      )
    },
    async deleteFamily({ id, expectedVersion }: Changed, call: Call): Promise<void> {
      requirePermission(call, 'products:write')
      await families.update(
        id,
        (family, hasMembers) => deleteFamily(family, hasMembers, expectedVersion, now()),
        traceOf(call),
      )
    },
  }
}
