import { requirePermission, type Call } from '../../platform/call.ts'
import { Refusal } from '../../platform/refusal.ts'

/** Something that staff, an admin or an API key did. */
export type Activity = {
  readonly id: string
  readonly at: Date
  readonly actorKind: string
  readonly actorId: string
  readonly what: string
  readonly subjectId: string
  /** JSON of the fields that changed. */
  readonly before: string
  readonly after: string
  readonly reason: string
  readonly address: string
  readonly correlationId: string
}

export type ActivityFilter = {
  readonly actorId: string | undefined
  /** A whole name, or the beginning of one that ends with a dot. */
  readonly what: string | undefined
  readonly from: Date | undefined
  readonly limit: number
  readonly after: string | undefined
}

/** The log of who did what in one database. Its ids are in the order of time. */
export type ActivityLog = {
  /** At most `limit + 1`, newest first. */
  readonly page: (filter: ActivityFilter) => Promise<readonly Activity[]>
}

export type ActivityPage = { readonly activities: readonly Activity[]; readonly next: string | undefined }

const maxLimit = 100

/** The entries of all databases, merged by time. */
export function listActivity({ logs }: { readonly logs: readonly ActivityLog[] }) {
  return async (filter: ActivityFilter, call: Call): Promise<ActivityPage> => {
    requirePermission(call, 'log:read')
    const { limit } = filter
    if (!Number.isInteger(limit) || limit < 1 || limit > maxLimit)
      throw new Refusal('invalid', 'log.invalid-limit', `limit must be a whole number from 1 to ${maxLimit}`)
    const pages = await Promise.all(logs.map((log) => log.page(filter)))
    const merged = pages.flat().sort((a, b) => (a.id < b.id ? 1 : -1))
    const activities = merged.slice(0, limit)
    return { activities, next: merged.length > limit ? activities.at(-1)?.id : undefined }
  }
}
