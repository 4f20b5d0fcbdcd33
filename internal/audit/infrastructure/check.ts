/** A rule in SQL. `offenders` yields (name, offender in words): nothing, when all is well. */
export type AuditCheck = {
  readonly names: readonly string[]
  /** A scalar: how many things are looked at. */
  readonly checked: string
  readonly offenders: string
}
