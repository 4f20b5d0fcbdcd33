import type { Charge } from './charges.ts'
import type { EndPayment } from './end-money.ts'
import type { EndOrder, EndState } from './end-state.ts'
import { succeeded, wasRefused, type Attempts } from './operations.ts'
import { countClasses, groupBy, ruleOf, type Class, type ClassCounts, type Rule } from './rule.ts'

/** What moved, as the provider has it. Amounts are minor units. */
export type MoneyMoved = {
  readonly paidOrders: number
  readonly captured: number
  readonly refunded: number
  /** Payments that brought money although their order had ended. */
  readonly late: number
  /** The sum of all differences between what the provider has taken and given back and what our books say. */
  readonly difference: number
}

type Moved = { readonly captured: number; readonly refunded: number }

const nothing: Moved = { captured: 0, refunded: 0 }
const dead: readonly string[] = ['canceled', 'expired', 'rejected']
const covered: readonly string[] = ['paid', 'shipped', 'completed']

/** Compares what clients paid and got back with our books, and both with what the provider believes. */
export function judgeMoney(
  operations: readonly Attempts[],
  end: EndState,
  charges: readonly Charge[],
): { readonly counts: ClassCounts; readonly rules: readonly Rule[]; readonly money: MoneyMoved } {
  const chargesOf = groupBy(charges, ({ paymentId }) => paymentId ?? '')
  const at = (id: string): Moved => sumOf(chargesOf.get(id) ?? [])
  const ofOrder = groupBy(end.payments, ({ order }) => order)
  const takenFor = ({ id }: EndOrder): Moved => sumOf((ofOrder.get(id) ?? []).map((one) => at(one.id)))
  const known = new Set(end.payments.map(({ id }) => id))
  const differences = end.payments.map((payment) => differenceOf(payment, at(payment.id)))
  const strays = charges.filter(({ paymentId }) => !known.has(paymentId ?? ''))
  const kept = keptByStaff(operations)
  const asked = judgeRequests(operations, end, charges)
  const orders = end.orders.map((order) => ({
    ...{ order, taken: takenFor(order) },
    isKept: kept.has(order.id) && (ofOrder.get(order.id) ?? []).some(({ keepsMoney }) => keepsMoney),
  }))
  return {
    counts: asked.counts,
    rules: [
      ...asked.rules,
      ruleOf('the provider and our books agree to the cent', end.payments, (payment) =>
        complainOf(payment, at(payment.id)),
      ),
      ruleOf('the provider has no payment twice, and none that is not ours', charges, (charge) =>
        (chargesOf.get(charge.paymentId ?? '')?.length ?? 0) > 1 || !known.has(charge.paymentId ?? '')
          ? `${charge.ref} is for our payment ${charge.paymentId ?? 'none'}`
          : undefined,
      ),
      ruleOf('nobody is charged for an order that has ended', orders, chargedForDead),
      ruleOf('nobody pays more than the order costs', orders, overcharged),
      ruleOf('an order is paid exactly if its money has come', orders, wronglyPaid),
      ruleOf('the payment status of an order says what the provider has', orders, wrongStatus),
      ruleOf('nothing that a provider was asked or has told is stuck', end.unfinished, (one) =>
        [one.what, 'of', one.order, one.error].join(' '),
      ),
      ruleOf('no payment waits in the end', end.payments, ({ id, status, gate }) =>
        ['created', 'unknown', 'processing'].includes(status) ||
        (status === 'action_required' && gate === 'closed')
          ? `payment ${id} is ${status}, and its gate ${gate}`
          : undefined,
      ),
    ],
    money: {
      ...sumOf(charges),
      paidOrders: orders.filter(({ taken }) => taken.captured > 0).length,
      late: end.late,
      difference: total(differences) + total(strays.map(({ captured, refunded }) => captured + refunded)),
    },
  }
}

/** Payments of which our books and the provider say different things. */
export function differingPayments(
  payments: readonly EndPayment[],
  charges: readonly Charge[],
): readonly EndPayment[] {
  const chargesOf = groupBy(charges, ({ paymentId }) => paymentId ?? '')
  return payments.filter((payment) => differenceOf(payment, sumOf(chargesOf.get(payment.id) ?? [])) > 0)
}

type Judged = { readonly order: EndOrder; readonly taken: Moved; readonly isKept: boolean }

const complainOf = (payment: EndPayment, theirs: Moved): string | undefined =>
  differenceOf(payment, theirs) > 0
    ? `payment ${payment.id} of order ${payment.order}: we have ${textOf(payment)}, the provider ${textOf(theirs)}`
    : undefined

const chargedForDead = ({ order, taken, isKept }: Judged): string | undefined =>
  dead.includes(order.status) && !isKept && taken.captured > taken.refunded
    ? `order ${order.id} is ${order.status}, and ${taken.captured - taken.refunded} of its money is kept`
    : undefined

const overcharged = ({ order, taken }: Judged): string | undefined =>
  taken.captured - taken.refunded > minorOf(order)
    ? `order ${order.id} costs ${minorOf(order)}, and ${taken.captured - taken.refunded} is kept`
    : undefined

function wronglyPaid({ order, taken }: Judged): string | undefined {
  if (dead.includes(order.status)) return undefined
  const isPaid = covered.includes(order.status)
  return isPaid === taken.captured >= minorOf(order)
    ? undefined
    : `order ${order.id} of ${minorOf(order)} is ${order.status}, and ${taken.captured} was taken for it`
}

function wrongStatus({ order, taken }: Judged): string | undefined {
  const { captured, refunded } = taken
  if (captured === 0) return undefined
  const left =
    captured >= minorOf(order) ? (captured > minorOf(order) ? 'overpaid' : 'paid') : 'partially_paid'
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

/** What became of the requests to pay and to give back. */
function judgeRequests(operations: readonly Attempts[], end: EndState, charges: readonly Charge[]) {
  const payments = new Map(end.payments.map((payment) => [payment.id, payment]))
  const paymentsOf = groupBy(end.payments, ({ key }) => key ?? '')
  const refunds = new Map(end.refunds.map((refund) => [refund.id, refund]))
  const refundsOf = groupBy(end.refunds, ({ key }) => key ?? '')
  const given = new Set(
    charges.flatMap((charge) =>
      charge.refunds.flatMap((one) => (one.status === 'succeeded' ? [`${one.refundId} ${one.amount}`] : [])),
    ),
  )
  const isPaymentTrue = (attempts: Attempts): boolean =>
    succeeded(attempts).every(({ payment: told }) => {
      const found = told && payments.get(told.id)
      return found?.order === told?.orderId && found?.amount === minor(told?.amount ?? NaN)
    })
  const isRefundTrue = (attempts: Attempts): boolean =>
    succeeded(attempts).every(({ refund: told }) => {
      const found = told && refunds.get(told.id)
      if (!told || !found) return false
      const isAsTold = found.payment === told.paymentId && found.amount === minor(told.amount)
      return isAsTold && given.has(`${found.id} ${found.amount}`)
    })
  const paid = operations.filter(({ operation }) => operation.name === 'pay')
  const back = operations.filter(({ operation }) => operation.name === 'refund')
  const payClass = (one: Attempts): Class => classOf(one, paymentsOf.get(one.key) ?? [], isPaymentTrue(one))
  const refundClass = (one: Attempts): Class => classOf(one, refundsOf.get(one.key) ?? [], isRefundTrue(one))
  const complain = (classOfOne: (one: Attempts) => Class) => (one: Attempts) =>
    ['lost', 'doubled', 'unexpected'].includes(classOfOne(one))
      ? `${one.key} is ${classOfOne(one)}`
      : undefined
  return {
    counts: { pay: countClasses(paid.map(payClass)), refund: countClasses(back.map(refundClass)) },
    rules: [
      ruleOf('a payment that was answered is there, once, as it was answered', paid, complain(payClass)),
      ruleOf('a refund that was answered was given back, once and whole', back, complain(refundClass)),
    ],
  }
}

/** A request may be answered with a payment that another one has begun; then nothing is stored under its key. */
function classOf(attempts: Attempts, stored: readonly unknown[], isTrue: boolean): Class {
  if (stored.length > 1) return 'doubled'
  if (succeeded(attempts).length > 0) return isTrue ? 'ok' : 'lost'
  if (attempts.isDefinite && wasRefused(attempts)) return stored.length === 0 ? 'refused' : 'unexpected'
  return stored.length === 0 ? 'unknown-absent' : 'unknown-recovered'
}

const differenceOf = (ours: Moved, theirs: Moved): number =>
  Math.abs(ours.captured - theirs.captured) + Math.abs(ours.refunded - theirs.refunded)

const sumOf = (all: readonly Moved[]): Moved =>
  all.reduce(
    (sum, { captured, refunded }) => ({
      captured: sum.captured + captured,
      refunded: sum.refunded + refunded,
    }),
    nothing,
  )

const total = (amounts: readonly number[]): number => amounts.reduce((sum, each) => sum + each, 0)
const textOf = ({ captured, refunded }: Moved): string => `${captured} taken and ${refunded} given back`
const minor = (units: number): number => Math.round(units * 100)
const minorOf = ({ total: units }: EndOrder): number => minor(units)
