import type { AuditOptions } from '../../internal/audit/audit-service.ts'
import { aggregates, storingServices } from '../../internal/services.ts'

/** For a shop whose services all share one database. */
export const oneDatabase = (url: string): Pick<AuditOptions, 'databases' | 'aggregates'> => ({
  databases: Object.fromEntries(storingServices.map((service) => [service, url])),
  aggregates,
})
