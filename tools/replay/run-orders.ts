import type { Session } from './accounts.ts'
import { concurrently } from '../shared/concurrently.ts'
import { differs } from './domain/compare.ts'
import type { Plan, PlannedInvoice } from './domain/plan.ts'
import type { SettledOrder } from './domain/settled-order.ts'
import { followOrders, type Problem } from './orders.ts'
import type { Progress } from '../shared/progress.ts'
import type { Rest } from './rest.ts'
import type { Way } from './way.ts'

export type OrderRun = {
  readonly rest: Rest
  /** The session of the admin. */
  readonly session: Session
  readonly plan: Pick<Plan, 'orders'>
  readonly progress: Pick<Progress, 'counting'>
  readonly concurrency: number
  readonly way: Way
}

export type Settled = { readonly planned: PlannedInvoice; readonly order: SettledOrder }
export type Orders = {
  readonly settled: readonly Settled[]
  readonly placedNow: number
  readonly turnedAway: number
  readonly problems: readonly Problem[]
  readonly seconds: number
}

/** Places all orders and then waits until the last one is at rest. */
export async function runOrders(
  { rest, session, plan, progress, concurrency, way }: OrderRun,
  ids: ReadonlyMap<string, string>,
): Promise<Orders> {
  const startedAt = performance.now()
  const planned = new Map<string, PlannedInvoice>()
  const problems: Problem[] = []
  let [placedNow, turnedAway] = [0, 0]
  const place = async (order: PlannedInvoice): Promise<void> => {
    const placed = await way.place(order, ids)
    if (placed.kind === 'placed') {
      planned.set(placed.orderId, order)
      if (placed.isNew) placedNow++
    } else if (placed.kind === 'turned away') turnedAway++
    else problems.push(placed.problem)
  }
  await progress.counting('orders placed', plan.orders.length, (tick) =>
    concurrently(way.chains(plan.orders), concurrency, async (chain) => {
      for (const order of chain) {
        await place(order)
        tick(`${turnedAway} turned away`)
      }
    }),
  )
  const settled: Settled[] = []
  const following = { rest, admin: session, concurrency, isAtRest: way.isAtRest }
  await progress.counting('orders decided', planned.size, (tick) =>
    followOrders(following, [...planned.keys()], (order) => {
      const of = planned.get(order.id)
      if (of) settled.push({ planned: of, order })
      tick()
    }),
  )
  return { settled, placedNow, turnedAway, problems, seconds: (performance.now() - startedAt) / 1_000 }
}

/** The orders that do not match their invoices. */
export const differences = (settled: readonly Settled[]): readonly string[] =>
  settled
    .filter(({ planned, order }) => differs(planned, order.lines))
    .map(({ planned, order }) => `order ${order.id} is not what invoice ${planned.invoice} says`)

export function sessionOf(accounts: ReadonlyMap<string, Session>, customer: string): Session {
  const session = accounts.get(customer)
  if (!session) throw new Error(`customer ${customer} has no account`)
  return session
}
