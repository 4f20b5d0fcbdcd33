import type { Wire } from '../../internal/platform/wire.ts'
import type { InvariantSchema } from '../../internal/gen/consumer/v1/consumer_pb.ts'

type Invariant = Wire<typeof InvariantSchema>

/** One line for each invariant, its offenders or remarks under it, and a verdict. */
export function auditTable(invariants: readonly Invariant[], seconds: number): string {
  const width = Math.max(...invariants.map(({ name }) => name.length))
  const lines = invariants.flatMap(({ name, checked, violations, offenders }) => {
    const verdict = violations === 0 ? 'ok' : `${violations} ${violations === 1 ? 'violation' : 'violations'}`
    const more = violations > offenders.length ? [`and ${violations - offenders.length} more`] : []
    return [
      `${violations === 0 ? ' ' : '!'} ${name.padEnd(width)}  ${String(checked).padStart(9)} checked  ${verdict}`,
      ...[...offenders, ...more].map((offender) => `    ${offender}`),
    ]
  })
  const violated = invariants.filter(({ violations }) => violations > 0).length
  const verdict =
    violated === 0 ? 'Every invariant holds' : `${violated} of ${invariants.length} invariants are violated`
  return `${lines.join('\n')}\n\n${verdict} (${seconds.toFixed(1)} s).\n`
}
