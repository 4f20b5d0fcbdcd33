import { requirePermission, requireBuyer, seesAll, traceOf, type Call } from '../../platform/call.ts'
import { doOnce, type Done } from '../../platform/do-once.ts'
import { Refusal } from '../../platform/refusal.ts'
import type { Account, Payment } from '../domain/account.ts'
import type { OrderId, PaymentId } from '../domain/ids.ts'
import { capturePayment as capture, voidPayment as giveUp } from '../domain/staff-acts.ts'
import type { Accounts } from './accounts.ts'
import type { PaymentDeps } from './begin-payment.ts'
import type { Work } from './work.ts'

export type PaymentOf = { readonly account: Account; readonly payment: Payment }

const notFound = (): Refusal => new Refusal('not-found', 'payment.not-found', 'there is no such payment')

export async function orderOf(accounts: Accounts, id: PaymentId): Promise<OrderId> {
  const orderId = await accounts.orderOf(id)
  if (orderId === undefined) throw notFound()
  return orderId
}

export function paymentIn(account: Account | undefined, id: PaymentId): PaymentOf {
  const payment = account?.payments.find((each) => each.id === id)
  if (!account || !payment) throw notFound()
  return { account, payment }
}

type ReadDeps = {
  readonly accounts: Accounts
  readonly work: Work
  readonly now: () => Date
  readonly wake: () => void
}

/** A customer who looks has perhaps just come back from the provider, so it is asked at once. */
export function getPayment({ accounts, work, now, wake }: ReadDeps) {
  return async (id: PaymentId, call: Call): Promise<PaymentOf> => {
    requireBuyer(call)
    const found = paymentIn(await accounts.find(await orderOf(accounts, id)), id)
    if (!maySee(found.account, call)) throw notFound()
    if (await work.readSoon(id, now())) wake()
    return found
  }
}

export function listPayments({ accounts }: Pick<ReadDeps, 'accounts'>) {
  return async (orderId: OrderId, call: Call): Promise<Account | undefined> => {
    requireBuyer(call)
    const account = await accounts.find(orderId)
    return account && maySee(account, call) ? account : undefined
  }
}

/** What the caller may see of the money of several orders. */
export function listPaymentsOfOrders({ accounts }: Pick<ReadDeps, 'accounts'>) {
  return async (orderIds: readonly OrderId[], call: Call): Promise<readonly Account[]> => {
    requireBuyer(call)
    const found = await Promise.all(orderIds.map((id) => accounts.find(id)))
    return found.flatMap((account) => (account && maySee(account, call) ? [account] : []))
  }
}

/** The money of a guest's order is for whoever has its token. */
function maySee({ gate }: Account, call: Call): boolean {
  if (seesAll(call, 'payments:read')) return true
  if (call.actor?.kind === 'buyer') return call.actor.orderId === gate.orderId
  return call.actor?.kind === 'user' && call.actor.userId === gate.userId
}

export function capturePayment(deps: PaymentDeps) {
  return (id: PaymentId, amountMinor: bigint | undefined, call: Call): Promise<Done<PaymentOf>> =>
    change(deps, id, call, 'payment.capture_requested', ({ account, payment }, at) => {
      const once = deps.methods.find((method) => method.id === payment.method)?.capturesOnce ?? true
      return capture(account, payment, amountMinor, once, at, deps.newId)
    })
}

export function voidPayment(deps: PaymentDeps) {
  return (id: PaymentId, call: Call): Promise<Done<PaymentOf>> =>
    change(deps, id, call, 'payment.void_requested', ({ account, payment }, at) =>
      giveUp(account, payment, at, deps.newId),
    )
}

async function change(
  { accounts, now }: PaymentDeps,
  id: PaymentId,
  call: Call,
  what: string,
  decide: (found: PaymentOf, at: Date) => Account,
): Promise<Done<PaymentOf>> {
  requirePermission(call, 'payments:write')
  const orderId = await orderOf(accounts, id)
  return doOnce(
    call.once,
    async (once) => {
      const known = await accounts.findByRequest(once)
      return known === undefined ? undefined : paymentIn(await accounts.find(orderId), id)
    },
    async () => {
      const at = now()
      const { account } = await accounts.update(
        orderId,
        (before) => ({ account: decide(paymentIn(before, id), at), result: undefined }),
        {
          ...{ trace: traceOf(call), at, once: call.once && { key: call.once, thing: () => id } },
          act: ({ operations }) => ({
            ...{ what, subjectId: id, after: { orderId, amountMinor: operations.at(-1)?.amountMinor } },
          }),
        },
      )
      return paymentIn(account, id)
    },
  )
}
