import type { Check } from '../application/audit.ts'
import type { Aggregate } from '../domain/aggregate.ts'
import { maxOffenders, type Invariant } from '../domain/invariant.ts'

type Row = Record<string, unknown>
export type Query = <Found extends Row>(sql: string) => Promise<Found[]>

/** The database that a check runs in. */
export type CheckedDatabase = {
  readonly query: Query
  /** Those of the services that are in this database. */
  readonly aggregates: readonly Aggregate[]
}

export type AuditCheck = Check & {
  readonly judge: (database: CheckedDatabase) => Promise<readonly Invariant[]>
}

/** A rule in SQL. `offenders` yields (name, offender in words): nothing, when all is well. */
export type SqlCheck = Check & {
  /** A scalar: how many things are looked at. */
  readonly checked: string
  readonly offenders: string | ((aggregates: readonly Aggregate[]) => string)
}

export function sqlCheck({ names, needs, compares, checked, offenders }: SqlCheck): AuditCheck {
  return {
    names,
    needs,
    ...(compares !== undefined && { compares }),
    async judge({ query, aggregates }) {
      const [counted] = await query<{ checked: number }>(`select (${checked})::int as checked`)
      const found = await query<{ name: string; violations: number; offenders: string[] }>(`
        select name, count(*)::int as violations, (array_agg(offender))[1:${maxOffenders}] as offenders
        from (${typeof offenders === 'string' ? offenders : offenders(aggregates)}) as offenders(name, offender)
        group by name`)
      return names.map((name) => {
        const { violations = 0, offenders: named = [] } = found.find((row) => row.name === name) ?? {}
        return { name, checked: counted?.checked ?? 0, violations, offenders: named }
      })
    },
  }
}
