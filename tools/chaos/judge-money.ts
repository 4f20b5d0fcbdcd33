import type { Charge } from './charges.ts'
import type { EndPayment } from './end-money.ts'
import type { EndOrder, EndState } from './end-state.ts'
import { judgeRequests } from './judge-requests.ts'
import { differenceOf, minor, sumOf, textOf, total, type Moved } from './moved.ts'
import type { Attempts } from './operations.ts'
import { isDead, isPaid } from './order-life.ts'
import { groupBy, ruleOf, type ClassCounts, type Rule } from './rule.ts'

/** What moved, as the provider has it. Amounts are minor units. */
export type MoneyMoved = Moved & {
  readonly payments: number
  readonly paidOrders: number
  /** Refunds that staff paid back at the bank. */
  readonly byHand: number
  /** Payments that brought money although their order had ended. */
  readonly late: number
  /** The sum of all differences between what the provider has taken and given back and what our books say. */
  readonly difference: number
}

/** Compares what clients paid and got back with our books, and both with what the provider believes. */
export function judgeMoney(
  operations: readonly Attempts[],
  end: EndState,
  charges: readonly Charge[],
): { readonly counts: ClassCounts; readonly rules: readonly Rule[]; readonly money: MoneyMoved } {
  const chargesOf = groupBy(charges, ({ paymentId }) => paymentId ?? '')
  const at = (payment: EndPayment): Moved => theirsOf(payment, chargesOf.get(payment.id))
  const ofOrder = groupBy(end.payments, ({ order }) => order)
  const byHand = end.refunds.filter(({ status }) => status === 'settled_manually')
  const handed = groupBy(byHand, ({ payment }) => payment)
  const handedFor = ({ id }: EndPayment): Moved => ({
    ...nothing,
    refunded: total((handed.get(id) ?? []).map(({ amount }) => amount)),
  })
  const takenFor = ({ id }: EndOrder): Moved =>
    sumOf((ofOrder.get(id) ?? []).flatMap((one) => [at(one), handedFor(one)]))
  const known = new Set(end.payments.map(({ id }) => id))
  const differences = end.payments.map((payment) => differenceOf(payment, at(payment)))
  const strays = charges.filter(({ paymentId }) => !known.has(paymentId ?? ''))
  const kept = keptByStaff(operations)
  const asked = judgeRequests(operations, end, charges)
  const orders = end.orders.map((order) => ({
    ...{ order, taken: takenFor(order), due: minorOf(order) - (end.notOwed.get(order.id) ?? 0) },
    isKept: kept.has(order.id) && (ofOrder.get(order.id) ?? []).some(({ keepsMoney }) => keepsMoney),
  }))
  return {
    counts: asked.counts,
    rules: [
      ...asked.rules,
      ruleOf('the provider and our books agree to the cent', end.payments, (payment) =>
        complainOf(payment, at(payment)),
      ),
      ruleOf('the provider has no payment twice, and none that is not ours', charges, ({ ref, paymentId }) =>
        chargesOf.get(paymentId ?? '')?.length === 1 && known.has(paymentId ?? '')
          ? undefined
          : `${ref} is for our payment ${paymentId ?? 'none'}`,
      ),
      ruleOf('nobody is charged for an order that has ended', orders, chargedForDead),
      ruleOf('nobody pays more than the order costs', orders, overcharged),
      ruleOf('an order is paid exactly if its money has come', orders, wronglyPaid),
      ruleOf('the payment status of an order says what the provider has', orders, wrongStatus),
      ruleOf('nothing that a provider was asked or has told is stuck', end.unfinished, (one) =>
        [one.what, 'of', one.order, one.error].join(' '),
      ),
      ruleOf('no payment waits in the end', end.payments, waiting),
    ],
    money: {
      ...sumOf(charges),
      paidOrders: orders.filter(({ taken }) => taken.captured > 0).length,
      late: end.late,
      payments: end.payments.length,
      byHand: byHand.length,
      difference: total(differences) + total(strays.map((one) => differenceOf(one, nothing))),
    },
  }
}

/** Payments of which our books and the provider say different things. */
export function differingPayments(
  payments: readonly EndPayment[],
  charges: readonly Charge[],
): readonly EndPayment[] {
  const chargesOf = groupBy(charges, ({ paymentId }) => paymentId ?? '')
  return payments.filter((payment) => differenceOf(payment, theirsOf(payment, chargesOf.get(payment.id))) > 0)
}

type Judged = {
  readonly order: EndOrder
  readonly taken: Moved
  /** The price, less units that were not found or came back. */
  readonly due: number
  readonly isKept: boolean
}

/** What came to the bank no provider knows. */
const theirsOf = (payment: EndPayment, charges: readonly Charge[] = []): Moved =>
  payment.provider === 'offline' ? payment : sumOf(charges)

const nothing: Moved = { captured: 0, refunded: 0, disputed: 0 }
const keptOf = ({ captured, refunded, disputed }: Moved): number => captured - refunded - disputed

/** An invoice waits for staff. */
const waiting = ({ id, status, gate, provider }: EndPayment): string | undefined =>
  ['unknown', 'processing'].includes(status) ||
  (status === 'created' && provider !== 'offline') ||
  (status === 'action_required' && gate === 'closed')
    ? `payment ${id} is ${status}, and its gate ${gate}`
    : undefined

const complainOf = (payment: EndPayment, theirs: Moved): string | undefined =>
  differenceOf(payment, theirs) > 0
    ? `payment ${payment.id} of order ${payment.order}: we have ${textOf(payment)}, the provider ${textOf(theirs)}`
    : undefined

const chargedForDead = ({ order, taken, isKept }: Judged): string | undefined =>
  isDead(order) && !isKept && keptOf(taken) > 0
    ? `order ${order.id} is ${order.status}, and ${keptOf(taken)} of its money is kept`
    : undefined

const overcharged = ({ order, taken, due }: Judged): string | undefined =>
  keptOf(taken) > due ? `order ${order.id} costs ${due}, and ${keptOf(taken)} is kept` : undefined

function wronglyPaid({ order, taken }: Judged): string | undefined {
  if (isDead(order)) return undefined
  return isPaid(order) === taken.captured >= minorOf(order)
    ? undefined
    : `order ${order.id} of ${minorOf(order)} is ${order.status}, and ${taken.captured} was taken for it`
}

function wrongStatus({ order, taken, due }: Judged): string | undefined {
  const { captured, refunded } = taken
  if (captured === 0) return undefined
  const left = captured >= due ? (captured > due ? 'overpaid' : 'paid') : 'partially_paid'
  const wanted = refunded === 0 ? left : refunded >= captured ? 'refunded' : 'partially_refunded'
  return order.paymentStatus === wanted
    ? undefined
    : `order ${order.id} is said to be ${order.paymentStatus}, and is ${wanted}: ${textOf(taken)}`
}

/** Orders that an admin has canceled without giving the money back. */
function keptByStaff(operations: readonly Attempts[]): ReadonlySet<string> {
  const kept = operations.flatMap(({ operation }) =>
    operation.name === 'cancel' && operation.refund === 'none' ? [operation.order] : [],
  )
  return new Set(kept)
}

const minorOf = ({ total: units }: EndOrder): number => minor(units)
