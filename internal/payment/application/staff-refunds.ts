import type { Act, Facts } from '../../platform/act.ts'
import { requirePermission, traceOf, type Call } from '../../platform/call.ts'
import { doOnce, type Done } from '../../platform/do-once.ts'
import { Refusal } from '../../platform/refusal.ts'
import { foldOf, type Account, type Refund } from '../domain/account.ts'
import type { OrderId, RefundId } from '../domain/ids.ts'
import { repeatRefund as repeat, settleRefund as settle } from '../domain/staff-refunds.ts'
import type { PaymentDeps } from './begin-payment.ts'
import type { Observed } from './observe-payment.ts'
import type { RefundFilter, StaffList } from './staff-list.ts'

export type RefundOf = { readonly account: Account; readonly refund: Refund }

export type StaffDeps = Pick<PaymentDeps, 'accounts' | 'newId' | 'now'> & {
  readonly staffList: StaffList
  /** Reads a payment at its provider and records what it says. */
  readonly observe: (provider: string, ref: string) => Promise<Observed>
}

const notFound = (): Refusal => new Refusal('not-found', 'refund.not-found', 'there is no such refund')

export function listRefunds({ accounts, staffList }: StaffDeps) {
  return async (filter: RefundFilter, call: Call) => {
    requirePermission(call, 'payments:read')
    const rows = await staffList.refunds(filter)
    const found: RefundOf[] = []
    for (const { id, orderId } of rows) found.push(refundIn(await accounts.find(orderId), id))
    return { refunds: found, next: rows.length < filter.limit ? undefined : rows.at(-1)?.id }
  }
}

/** Staff have paid it back at the bank. */
export function settleRefund(deps: StaffDeps) {
  return async (id: RefundId, reference: string, call: Call): Promise<RefundOf> => {
    requirePermission(call, 'payments:write')
    const at = deps.now()
    const orderId = await orderOf(deps, id)
    const { account } = await deps.accounts.update(
      orderId,
      (before) => {
        const { account: found, refund } = refundIn(before, id)
        return { account: settle(found, refund, reference, at), result: undefined }
      },
      { trace: traceOf(call), at, act: actOn('refund.settled', id) },
    )
    return refundIn(account, id)
  }
}

/** The provider is read first: what was given up as unknown may have been done after all. */
export function repeatRefund(deps: StaffDeps) {
  const { accounts, now } = deps
  return async (id: RefundId, call: Call): Promise<Done<RefundOf>> => {
    requirePermission(call, 'payments:write')
    const orderId = await orderOf(deps, id)
    return doOnce(
      call.once,
      async (once) => {
        const known = await accounts.findByRequest(once)
        return known === undefined ? undefined : refundIn(await accounts.find(orderId), id)
      },
      async () => {
        await readProvider(deps, refundIn(await accounts.find(orderId), id))
        const at = now()
        const { account } = await accounts.update(
          orderId,
          (before) => {
            const { account: found, refund } = refundIn(before, id)
            return { account: repeat(found, refund, at), result: undefined }
          },
          {
            ...{ trace: traceOf(call), at, act: actOn('refund.repeated', id) },
            once: call.once && { key: call.once, thing: () => id },
          },
        )
        return refundIn(account, id)
      },
    )
  }
}

/** What the log keeps: the status, and under which reference staff have paid it back. */
const actOn =
  (what: string, id: RefundId) =>
  (after: Account, before: Account | undefined): Act => ({
    ...{ what, subjectId: id, before: factsOf(before, id), after: factsOf(after, id) },
  })

function factsOf(account: Account | undefined, id: RefundId): Facts | undefined {
  const found = account?.refunds.find((refund) => refund.id === id)
  return found && { status: found.status, reference: found.reference }
}

async function readProvider({ observe }: StaffDeps, { account, refund }: RefundOf): Promise<void> {
  const payment = account.payments.find(({ id }) => id === refund.paymentId)
  if (payment?.ref === undefined || foldOf(payment).capturedMinor === 0n) return
  const observed = await observe(payment.provider, payment.ref)
  if (observed.kind === 'unknown')
    throw new Refusal('unavailable', 'payment.provider-away', 'the provider does not say what it has done')
}

async function orderOf({ staffList }: StaffDeps, id: RefundId): Promise<OrderId> {
  const orderId = await staffList.orderOfRefund(id)
  if (orderId === undefined) throw notFound()
  return orderId
}

function refundIn(account: Account | undefined, id: RefundId): RefundOf {
  const refund = account?.refunds.find((each) => each.id === id)
  if (!account || !refund) throw notFound()
  return { account, refund }
}
