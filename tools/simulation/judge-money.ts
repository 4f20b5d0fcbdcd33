import { paymentStatusOf } from '../../internal/order/domain/money.ts'
import { owedFor } from '../../internal/order/domain/line-money.ts'
import type { Order } from '../../internal/order/domain/order.ts'
import {
  amountsOf,
  foldOf,
  isCovered,
  type Account,
  type Payment,
} from '../../internal/payment/domain/account.ts'
import { sharesOf } from '../../internal/payment/domain/excess.ts'
import { moneyOf } from '../../internal/payment/domain/events.ts'
import type { PaymentSnapshot } from '../../internal/payment/domain/payment-snapshot.ts'
import type { Answered } from './clients.ts'
import type { Stores } from './stores.ts'

type Ended = {
  readonly stores: Stores
  readonly answered: Answered
  /** What the provider has, of all its payments. */
  readonly snapshots: readonly PaymentSnapshot[]
}

type Moved = { readonly captured: bigint; readonly refunded: bigint }

/**
 * Checks that no cent differs between the provider and our books, that nobody is charged for an order that has ended or
 * more than it costs, and that orders know of their money.
 */
export function judgeMoney({ stores, answered, snapshots }: Ended, orders: readonly Order[]): string[] {
  const accounts = [...stores.payments.tables.accounts.values()]
  const taken = takenOf(snapshots)
  return [
    ...accounts.flatMap((account) => account.payments.flatMap((payment) => judgePayment(payment, taken))),
    ...judgeStrays(accounts, snapshots),
    ...accounts.flatMap((account) => judgeRefunds(account, snapshots)),
    ...orders.flatMap((order) => judgeOrder(order, stores, taken, answered)),
    ...judgeAnswers(accounts, answered),
  ]
}

function takenOf(snapshots: readonly PaymentSnapshot[]): ReadonlyMap<string, Moved> {
  const taken = new Map<string, Moved>()
  for (const snapshot of snapshots) {
    const { captured, refunded } = taken.get(snapshot.ourId ?? '') ?? { captured: 0n, refunded: 0n }
    taken.set(snapshot.ourId ?? '', {
      captured: captured + snapshot.captures.reduce((sum, each) => sum + each.cumulativeMinor, 0n),
      refunded: refunded + refundedIn(snapshot).reduce((sum, each) => sum + each.amountMinor, 0n),
    })
  }
  return taken
}

const refundedIn = ({ refunds }: PaymentSnapshot) => refunds.filter(({ status }) => status === 'succeeded')

function judgePayment(payment: Payment, taken: ReadonlyMap<string, Moved>): readonly string[] {
  // What came to the bank no provider knows of.
  if (payment.provider === 'offline') return []
  const { captured, refunded } = taken.get(payment.id) ?? { captured: 0n, refunded: 0n }
  const ours = foldOf(payment)
  if (ours.capturedMinor === captured && ours.refundedMinor === refunded) return []
  return [
    `payment ${payment.id}: we have ${ours.capturedMinor} taken and ${ours.refundedMinor} given back, ` +
      `the provider ${captured} and ${refunded}`,
  ]
}

function judgeStrays(accounts: readonly Account[], snapshots: readonly PaymentSnapshot[]): readonly string[] {
  const known = new Set<string>(accounts.flatMap(({ payments }) => payments.map(({ id }) => id)))
  const ids = snapshots.map(({ ourId }) => ourId ?? '')
  return [
    ...ids.filter((id) => !known.has(id)).map((id) => `the provider has a payment ${id}, and we do not`),
    ...ids
      .filter((id, index) => ids.indexOf(id) !== index)
      .map((id) => `the provider has payment ${id} twice`),
  ]
}

/** Each refund was made once, and one that was made is one that we ordered. */
function judgeRefunds({ refunds }: Account, snapshots: readonly PaymentSnapshot[]): readonly string[] {
  return refunds.flatMap(({ id, status, amountMinor }) => {
    const made = snapshots.flatMap(refundedIn).filter(({ ourId }) => ourId === id)
    const isRight =
      status === 'succeeded' ? made.length === 1 && made[0]?.amountMinor === amountMinor : made.length === 0
    return isRight ? [] : [`refund ${id} of ${amountMinor} is ${status}, and was made ${made.length} times`]
  })
}

const dead: readonly string[] = ['canceled', 'expired', 'rejected']

function judgeOrder(
  order: Order,
  { payments: { tables } }: Stores,
  taken: ReadonlyMap<string, Moved>,
  { money, advanced }: Answered,
): readonly string[] {
  const { id, status, totalMinor, gateVersion } = order
  const account = [...tables.accounts.values()].find(({ gate }) => gate.orderId === (id as string))
  const wrong: string[] = []
  if (!account) return gateVersion === 0 ? [] : [`order ${id} knows of money that nobody has`]
  const kept = account.payments.reduce((sum, { id: paymentId }) => {
    const { captured = 0n, refunded = 0n } = taken.get(paymentId) ?? {}
    return sum + captured - refunded
  }, 0n)
  const packed = owedFor(order, (line) => line.packed)
  const isKept = money.kept.has(id) && account.gate.keepsMoney
  if (dead.includes(status) && kept > packed && !isKept)
    wrong.push(`order ${id} is ${status}, and ${kept} of its money is kept for ${packed} that was packed`)
  if (kept > totalMinor) wrong.push(`order ${id} costs ${totalMinor}, and ${kept} is kept`)
  if (gateVersion !== account.gate.version)
    wrong.push(`order ${id} knows version ${gateVersion} of its money, which is ${account.gate.version}`)
  const byHand = advanced.some((each) => each.id === id && each.to === 'paid')
  const covered = isCoveredByMoney(account)
  if (status === 'confirmed' && covered) wrong.push(`order ${id} is covered and not paid`)
  if (
    status === 'paid' &&
    totalMinor > 0n && // nothing is owed for the rest, which is covered at once
    !covered &&
    !byHand &&
    !order.history.some(({ status: was }) => was === 'paid' && byHand)
  )
    wrong.push(`order ${id} is paid, and its money has not come`)
  const { capturedMinor } = amountsOf(account)
  const wanted = paymentStatusOf({ ...moneyOf(account), gateVersion, attempt: 'none', flags: [] })
  if (capturedMinor > 0n && order.paymentStatus !== wanted)
    wrong.push(`order ${id} is said to be ${order.paymentStatus}, and is ${wanted}`)
  wrong.push(...judgeCaptures(order, account))
  return wrong
}

/** An order that was closed before anything was known of its money owes nothing, and is covered by nothing. */
const isCoveredByMoney = (account: Account): boolean =>
  account.payments.length > 0 && isCovered(account) && heldOf(account) > 0n

const heldOf = (account: Account): bigint => {
  const { authorizedMinor, capturedMinor } = amountsOf(account)
  return authorizedMinor + capturedMinor
}

/** Goods never leave, or lie ready to, while their money is only authorized. */
function judgeCaptures({ id, lines }: Order, account: Account): readonly string[] {
  const openMinor = sharesOf(account).reduce((sum, { wantedMinor }) => sum + wantedMinor, 0n)
  const isPacked = lines.some(({ packed }) => packed > 0)
  return account.gate.status === 'open' && isPacked && openMinor > 0n
    ? [`order ${id} has packed goods, and ${openMinor} of its money was not taken`]
    : []
}

function judgeAnswers(accounts: readonly Account[], { money }: Answered): readonly string[] {
  const payments = new Set<string>(accounts.flatMap((account) => account.payments.map(({ id }) => id)))
  const refunds = new Map<string, bigint>(
    accounts.flatMap((account) => account.refunds.map(({ id, amountMinor }) => [id, amountMinor] as const)),
  )
  return [
    ...[...money.payments].flatMap(([key, ids]) => [
      ...(ids.size > 1 ? [`doubled: ${key} got the payments ${[...ids].join(' and ')}`] : []),
      ...[...ids].filter((id) => !payments.has(id)).map((id) => `lost: payment ${id} was answered`),
    ]),
    ...money.refunds
      .filter(({ id, amountMinor }) => String(refunds.get(id)) !== amountMinor)
      .map(({ id }) => `lost: refund ${id} was answered`),
  ]
}
