import type { Comparison } from './domain/compare.ts'
import type { MoneyComparison } from './domain/compare-money.ts'
import type { OpeningStock } from './domain/opening.ts'
import type { Plan } from './domain/plan.ts'
import { columns } from '../shared/tables.ts'

export type Outcome = {
  readonly plan: Plan
  readonly opening: OpeningStock
  readonly accounts: number
  /** The orders that this run has placed and, below, those that an earlier run had placed. */
  readonly placedNow: number
  readonly placedBefore: number
  readonly confirmed: number
  /** Orders that were rejected after they had been placed. */
  readonly rejected: number
  /** Orders that were refused at once because stock was short already. They do not exist. */
  readonly turnedAway: number
  /** Orders that somebody has canceled meanwhile. */
  readonly canceled: number
  readonly returnsBookedNow: number
  readonly retries: number
  /** The time from the first placed order to the last decision. */
  readonly orderSeconds: number
  readonly stock: Comparison
  /** Undefined when nobody pays. */
  readonly money: MoneyComparison | undefined
  /** All other problems, in words. */
  readonly problems: readonly string[]
  readonly auditViolations: readonly string[]
}

const maxNamed = 5

/** What is wrong, in words. The exit code is 0 only when there is nothing. */
function faultsOf(outcome: Outcome): readonly string[] {
  const { opening, stock, money, turnedAway, problems, auditViolations } = outcome
  // With `enough` every order that the stock was opened for must be confirmed.
  const refused = turnedAway > 0 ? [`${turnedAway} orders were turned away, although stock was enough`] : []
  const unconfirmed = opening === 'enough' ? [...refused, ...stock.unconfirmed] : []
  const lists = [stock.disagreeing, money?.disagreeing ?? [], unconfirmed, problems, auditViolations]
  return lists.flatMap((list) => list.slice(0, maxNamed))
}

export const isFlawless = (outcome: Outcome): boolean =>
  isAnythingPlaced(outcome) && faultsOf(outcome).length === 0

const isAnythingPlaced = ({ placedNow, placedBefore }: Outcome): boolean => placedNow + placedBefore > 0

function verdictOf(outcome: Outcome): string {
  if (isFlawless(outcome)) return 'Everything agrees.'
  if (isAnythingPlaced(outcome)) return 'Not everything agrees.'
  const { plan, turnedAway, problems } = outcome
  const reason =
    plan.orders.length === 0
      ? 'the file has no order that can be placed'
      : `of ${plan.orders.length} orders ${turnedAway} were turned away for lack of stock and ${problems.length} had problems`
  return `Nothing was placed, now or before, so there is nothing that agrees: ${reason}.`
}

export function reportOf(outcome: Outcome): string {
  const { plan, stock, auditViolations } = outcome
  const decided = outcome.confirmed + outcome.rejected + outcome.canceled
  const rate = outcome.orderSeconds > 0 ? Math.round(outcome.placedNow / outcome.orderSeconds) : 0
  const isFileAlone = outcome.confirmed === plan.orders.length
  const source = isFileAlone ? 'the file alone' : 'the file and which of its orders were confirmed'
  const rows: readonly (readonly [string, string | number])[] = [
    ['lines in the file', plan.lines],
    ...[...plan.leftOut].map(([reason, lines]) => [`  left out: ${reason}`, lines] as const),
    ...[...plan.changed].map(([what, lines]) => [`  ${what}`, lines] as const),
    ['products', plan.products.length],
    ['accounts', outcome.accounts],
    ['returns', `${plan.returns.length} (${outcome.returnsBookedNow} booked now)`],
    ['orders in the file', plan.orders.length],
    ['  placed', `${decided} (${outcome.placedNow} now, ${outcome.placedBefore} by an earlier run)`],
    ['  confirmed', outcome.confirmed],
    ['  rejected', `${outcome.rejected + outcome.turnedAway} (${outcome.turnedAway} of them at the door)`],
    ...(outcome.canceled > 0 ? [['  canceled by others', outcome.canceled] as const] : []),
    ['requests retried', outcome.retries],
    ['orders/s', `${rate} (placed and decided in ${outcome.orderSeconds.toFixed(1)} s)`],
    ['stock as expected', `${stock.compared - stock.disagreeing.length} of ${stock.compared} products`],
    ['  expected from', source],
    ...moneyRows(outcome),
    ['audit', auditViolations.length === 0 ? 'clean' : `${auditViolations.length} invariants violated`],
  ]
  const table = columns(rows.map(([name, value]) => [name, String(value)]))
  const faults = faultsOf(outcome).map((line) => `! ${line}`)
  return [...table, '', ...unreadableOf(plan), ...faults, verdictOf(outcome), ''].join('\n')
}

/** Amounts are minor units, so that nobody has to trust the writing of decimals. */
function moneyRows({ money }: Outcome): readonly (readonly [string, string | number])[] {
  if (!money) return []
  const { compared, byCard, ordered, dueByCard, taken, takenAtProvider, disagreeing } = money
  return [
    ['money as expected', `${compared - disagreeing.length} of ${compared} orders`],
    ['  ordered, in minor units', String(ordered)],
    ['  of it by card', `${dueByCard} in ${byCard} orders`],
    ['  taken, as our payments say', String(taken)],
    ['  taken, as the provider says', takenAtProvider === undefined ? 'not asked' : String(takenAtProvider)],
  ]
}

/** The first few lines that could not be read. They are no fault of the shop. */
function unreadableOf({ unreadable }: Plan): readonly string[] {
  if (unreadable.length === 0) return []
  const count = unreadable.length === 1 ? '1 line was' : `${unreadable.length} lines were`
  const [shown, more] = [unreadable.slice(0, maxNamed), unreadable.length > maxNamed ? ', such as' : '']
  return [`${count} unreadable and left out${more}:`, ...shown.map((line) => `  ${line}`)]
}
