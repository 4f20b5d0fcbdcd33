import { Refusal } from '../../platform/refusal.ts'
import {
  isOpenAttempt,
  statusOfPayment,
  uncoveredMinor,
  waitingOf,
  withPayment,
  type Account,
  type CaptureMode,
  type Payment,
} from './account.ts'
import { newGate } from './gate.ts'
import { withDue, type ToldLine } from './goods.ts'
import type { NewId, OrderId, PaymentId, UserId } from './ids.ts'
import { observePhase } from './observe.ts'
import { isSent } from './operation.ts'
import { order, settle } from './settle.ts'

export type Beginning = {
  /** The id of the payment that begins; undefined: a new one. */
  readonly paymentId: PaymentId | undefined
  readonly orderId: OrderId
  readonly userId: UserId | undefined
  readonly dueMinor: bigint
  readonly currency: string
  readonly lines: readonly ToldLine[]
  readonly provider: string
  readonly method: string
  readonly token: string
  readonly returnUrl: string
  readonly client: string
  /** Of the payment: some methods take the money at once, however the shop does. */
  readonly capture: CaptureMode
  /** Of the order, until goods leave. */
  readonly orderCapture: CaptureMode
  readonly isCancelable: boolean
  readonly endsAfterMs: number | undefined
}

export type Begun = { readonly account: Account; readonly payment: Payment; readonly isNew: boolean }

/** Each of an order's attempts asks a provider, so there is an end to them. */
export const maxAttemptsPerOrder = 10

/**
 * Begins an attempt to pay what is uncovered, unless the order has an open one that can still be used. One that was named
 * begins once, whatever has become of it.
 */
export function beginPayment(
  account: Account | undefined,
  beginning: Beginning,
  at: Date,
  newId: NewId,
): Begun {
  const begun = account?.payments.find(({ id }) => id === beginning.paymentId)
  if (account && begun) return { account, payment: begun, isNew: false }
  const opened = dueNow(account, beginning, at)
  const amountMinor = uncoveredMinor(opened)
  if (amountMinor === 0n) throw new Refusal('conflict', 'payment.nothing-due', 'the order owes nothing')
  const open = opened.payments.filter((payment) => isOpenAttempt(payment) && !payment.isSuperseded)
  const kept = open.find((payment) => isUsable(opened, payment, beginning))
  if (kept) return { account: opened, payment: kept, isNew: false }
  if (opened.payments.length >= maxAttemptsPerOrder) throw tooManyAttempts()
  const superseded = open.reduce((all, payment) => supersede(all, payment, at), opened)
  const payment = newPayment(beginning, amountMinor, at, newId)
  const added = { ...superseded, payments: [...superseded.payments, payment] }
  const isOffline = beginning.provider === 'offline'
  const ordered = isOffline
    ? observePhase(added, payment, 'action_required', at)
    : order(added, payment, 'create', at, newId, amountMinor)
  return { account: settle(ordered, at, newId), payment, isNew: true }
}

export const tooManyAttempts = (): Refusal =>
  new Refusal('conflict', 'payment.too-many-attempts', 'there were too many attempts to pay; ask the shop')

/** The order's service says what is due, each time. */
export function dueNow(
  account: Account | undefined,
  {
    orderId,
    userId,
    dueMinor,
    currency,
    lines,
    orderCapture,
  }: Pick<Beginning, 'orderId' | 'userId' | 'dueMinor' | 'currency' | 'lines' | 'orderCapture'>,
  at: Date,
): Account {
  if (!account)
    return withDue(newAccount({ orderId, userId, currency, orderCapture }, at), dueMinor, lines, at)
  const { gate } = account
  if (gate.status !== 'open')
    throw new Refusal('conflict', 'payment.order-closed', 'the order takes no payments any more')
  if (gate.currency !== currency)
    throw new Refusal('conflict', 'payment.currency-mismatch', `the order is paid in ${gate.currency}`)
  return withDue(account, dueMinor, lines, at)
}

export const newAccount = (
  {
    orderId,
    userId,
    currency,
    orderCapture: capture,
  }: Pick<Beginning, 'orderId' | 'userId' | 'currency' | 'orderCapture'>,
  at: Date,
): Account => ({
  gate: { ...newGate(orderId, at), userId, currency, capture },
  ...{ payments: [], refunds: [], operations: [] },
})

/**
 * The same attempt again. One that nobody can take back, because a provider has it in hand, is returned whatever is
 * asked for now.
 */
function isUsable(account: Account, payment: Payment, { method, token }: Beginning): boolean {
  const status = statusOfPayment(payment)
  if (status === 'processing' || status === 'unknown') return true
  if (status === 'created' && waitingOf(account, payment).some(isSent)) return true
  return payment.method === method && (token === '' || payment.token === token)
}

/** Another attempt takes its place. What no provider has heard of is off; what one has in hand may still bring money. */
export function supersede(account: Account, payment: Payment, at: Date): Account {
  const marked = withPayment(account, { ...payment, isSuperseded: true, updatedAt: at })
  const current = { ...payment, isSuperseded: true, updatedAt: at }
  const unsent = waitingOf(account, payment).filter((operation) => !isSent(operation))
  if (unsent.length === 0 && payment.provider !== 'offline') return marked
  const operations = marked.operations.map((operation) =>
    unsent.includes(operation) ? { ...operation, status: 'canceled' as const } : operation,
  )
  return observePhase({ ...marked, operations }, current, 'canceled', at)
}

function newPayment(beginning: Beginning, amountMinor: bigint, at: Date, newId: NewId): Payment {
  const { paymentId, provider, method, currency, token, returnUrl, client } = beginning
  const { capture, isCancelable, endsAfterMs } = beginning
  return {
    ...{
      id: paymentId ?? (newId() as PaymentId),
      provider,
      method,
      amountMinor,
      currency,
      ref: undefined,
      entries: [],
    },
    ...{ token, returnUrl, client, capture, isCancelable, isSuperseded: false },
    endsAt: endsAfterMs === undefined ? undefined : new Date(at.getTime() + endsAfterMs),
    ...{ actionUrl: '', failure: undefined, createdAt: at, updatedAt: at },
  }
}
