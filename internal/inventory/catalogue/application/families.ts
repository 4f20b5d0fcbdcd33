import type { Once, Trace } from '../../../platform/call.ts'
import type { FamilyId } from '../../domain/ids.ts'
import type { Family, FamilyChange } from '../domain/family.ts'
import type { ListedProduct } from './products.ts'

/** A family with its products, oldest first. */
export type WholeFamily = { readonly family: Family; readonly members: readonly ListedProduct[] }

export type FoundFamilies = {
  readonly families: readonly WholeFamily[]
  readonly unread: readonly FamilyId[]
}

/** Families of products. Each write stores state and events in one transaction; deleted ones are not found. */
export type Families = {
  /** Newest first. */
  readonly list: (limit: number, before: FamilyId | undefined) => Promise<readonly Family[]>
  /** Those that are there, from the first one on as many as have `maxMembers` products together, and at least one. */
  readonly read: (ids: readonly FamilyId[], maxMembers: number) => Promise<FoundFamilies>
  /** What the same request has made. Refused when it was deleted. */
  readonly findByRequest: (once: Once) => Promise<Family | undefined>
  readonly add: (change: FamilyChange, trace: Trace, once?: Once) => Promise<Family>
  /** `decide` sees the locked family, into which no product comes meanwhile. Refused with family.not-found. */
  readonly update: (
    id: FamilyId,
    decide: (family: Family, hasMembers: boolean) => FamilyChange,
    trace: Trace,
  ) => Promise<Family>
}
