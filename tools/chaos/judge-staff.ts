import type { EndState } from './end-state.ts'
import { succeeded, wasRefused, type Attempts } from './operations.ts'
import { countClasses, ruleOf, type Class, type ClassCounts, type Rule } from './rule.ts'

/** Compares what staff recorded and shipped with what is stored. */
export function judgeStaff(
  operations: readonly Attempts[],
  { orders, payments }: EndState,
): { readonly counts: ClassCounts; readonly rules: readonly Rule[] } {
  const recorded = new Set(
    payments.flatMap(({ provider, captured, order }) =>
      provider === 'offline' && captured > 0 ? [order] : [],
    ),
  )
  const shipped = new Set(
    orders.flatMap(({ id, status }) => (['shipped', 'completed'].includes(status) ? [id] : [])),
  )
  const judged = operations.flatMap((one) => {
    const { name } = one.operation
    if (name !== 'record' && name !== 'ship') return []
    const isThere = (name === 'record' ? recorded : shipped).has(one.operation.order)
    return [{ name, key: one.key, found: classOf(one, isThere) }]
  })
  const of = (wanted: 'record' | 'ship') =>
    countClasses(judged.flatMap(({ name, found }) => (name === wanted ? [found] : [])))
  return {
    counts: { record: of('record'), ship: of('ship') },
    rules: [
      ruleOf('what staff have recorded or shipped is so, and what was refused is not', judged, (one) =>
        one.found === 'lost' || one.found === 'unexpected' ? `${one.key} is ${one.found}` : undefined,
      ),
    ],
  }
}

function classOf(one: Attempts, isThere: boolean): Class {
  if (succeeded(one).length > 0) return isThere ? 'ok' : 'lost'
  if (one.isDefinite && wasRefused(one)) return isThere ? 'unexpected' : 'refused'
  return isThere ? 'unknown-recovered' : 'unknown-absent'
}
