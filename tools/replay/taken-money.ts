import { request } from 'undici'
import { currencyDecimals } from '../../internal/platform/money.ts'
import { problemOf, sendAs, type Session } from './accounts.ts'
import { concurrently } from '../shared/concurrently.ts'
import { minorOf, type BoughtOrder } from './domain/compare-money.ts'
import { ReplayFailure } from './replay-failure.ts'
import type { Rest } from './rest.ts'
import type { Settled } from './run-orders.ts'
import type { Progress } from '../shared/progress.ts'

type Reading = {
  readonly rest: Rest
  readonly session: Session
  readonly progress: Pick<Progress, 'counting'>
  readonly concurrency: number
  readonly currency: string
  /** The payment sandbox of the shop; undefined where it is not known. */
  readonly sandboxUrl: string | undefined
}

/** What the payment sandbox believes of one payment, in the provider's units. */
type Charge = { readonly orderId: string | null; readonly captured: number; readonly refunded: number }

type Payment = { readonly captured: number; readonly refunded: number }

/** What was taken for each order, as our payments say and as the provider says. */
export async function readTaken(
  reading: Reading,
  settled: readonly Settled[],
): Promise<readonly BoughtOrder[]> {
  const { rest, session, progress, concurrency, currency, sandboxUrl } = reading
  const decimals = currencyDecimals(currency)
  const charges = sandboxUrl === undefined ? undefined : await chargesByOrder(sandboxUrl, currency)
  const bought: BoughtOrder[] = []
  await progress.counting('payments read', settled.length, (tick) =>
    concurrently(settled, concurrency, async ({ planned, order }) => {
      const payments = await paymentsOf(rest, session, order.id)
      const sum = (amountOf: (payment: Payment) => number): bigint =>
        payments.reduce((all, payment) => all + minorOf(amountOf(payment), decimals), 0n)
      const taken = {
        captured: sum(({ captured }) => captured),
        refunded: sum(({ refunded }) => refunded),
        atProvider: charges && (charges.get(order.id) ?? 0n),
      }
      bought.push({ planned, order, taken })
      tick()
    }),
  )
  return bought
}

async function paymentsOf(rest: Rest, session: Session, id: string): Promise<readonly Payment[]> {
  const answer = await sendAs(rest, session, { method: 'GET', path: `/orders/${id}/payments` })
  if (answer.status === 200) return (answer.body as { readonly data: readonly Payment[] }).data
  throw new ReplayFailure(`the payments of order ${id} cannot be read: ${problemOf(answer)}`)
}

/** Stripe writes them with two decimals, which are 00. */
const twoZeros: readonly string[] = ['ISK', 'UGX']

async function chargesByOrder(sandboxUrl: string, currency: string): Promise<ReadonlyMap<string, bigint>> {
  const { statusCode, body } = await request(`${sandboxUrl}/control/charges`)
  if (statusCode !== 200) throw new ReplayFailure(`the payment sandbox answers with ${statusCode}`)
  const { data } = (await body.json()) as { readonly data: readonly Charge[] }
  const taken = new Map<string, bigint>()
  for (const { orderId, captured, refunded } of data) {
    const minor = BigInt(captured - refunded) / (twoZeros.includes(currency) ? 100n : 1n)
    taken.set(orderId ?? '', (taken.get(orderId ?? '') ?? 0n) + minor)
  }
  return taken
}
