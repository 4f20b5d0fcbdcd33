import { saysNotJudged } from '../../internal/audit/domain/invariant.ts'
import type { Wire } from '../../internal/platform/wire.ts'
import type { InvariantSchema } from '../../internal/gen/consumer/v1/consumer_pb.ts'

type Invariant = Wire<typeof InvariantSchema>

/** One line for each invariant with its violations or remarks below it, and the verdict at the end. */
export function auditTable(invariants: readonly Invariant[], seconds: number): string {
  const width = Math.max(...invariants.map(({ name }) => name.length))
  const lines = invariants.flatMap((invariant) => {
    const { name, checked, offenders } = invariant
    return [
      `${markOf(invariant)} ${name.padEnd(width)}  ${String(checked).padStart(9)} checked  ${verdictOf(invariant)}`,
      ...[...offenders, ...unnamed(invariant)].map((line) => `    ${line}`),
    ]
  })
  return `${lines.join('\n')}\n\n${summaryOf(invariants)} (${seconds.toFixed(1)} s).\n`
}

/** True when the invariant was judged only in part or not at all. */
const isLeftOut = ({ offenders }: Invariant): boolean => offenders.some(saysNotJudged)

function markOf(invariant: Invariant): string {
  if (invariant.violations > 0) return '!'
  return isLeftOut(invariant) ? '?' : ' '
}

function verdictOf(invariant: Invariant): string {
  const { checked, violations } = invariant
  if (violations > 0) return `${violations} ${violations === 1 ? 'violation' : 'violations'}`
  if (!isLeftOut(invariant)) return 'ok'
  return checked === 0 ? 'not judged' : 'ok in part'
}

function unnamed({ violations, offenders }: Invariant): readonly string[] {
  const more = violations - offenders.filter((offender) => !saysNotJudged(offender)).length
  return violations > 0 && more > 0 ? [`and ${more} more`] : []
}

function summaryOf(invariants: readonly Invariant[]): string {
  const violated = invariants.filter(({ violations }) => violations > 0).length
  const leftOut = invariants.filter(isLeftOut).map(({ name }) => name)
  const all = leftOut.length === 0 ? 'Every invariant holds' : 'Everything that was judged holds'
  const verdict = violated === 0 ? all : `${violated} of ${invariants.length} invariants are violated`
  return leftOut.length === 0 ? verdict : `Not judged, or only in part: ${leftOut.join(', ')}.\n${verdict}`
}
