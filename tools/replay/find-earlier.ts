import type { Catalogue, Product } from './catalogue.ts'
import { concurrently } from '../shared/concurrently.ts'
import { differs } from './domain/compare.ts'
import type { BookedLine, Earlier } from './domain/earlier.ts'
import type { Plan, PlannedInvoice } from './domain/plan.ts'
import { isHeld } from './domain/settled-order.ts'
import { otherOrder } from './orders.ts'
import { ReplayFailure } from './replay-failure.ts'
import { runOrders, type OrderRun, type Orders } from './run-orders.ts'

type Run = Omit<OrderRun, 'plan'> & { readonly plan: Plan }

export type FoundEarlier = Earlier & { readonly run: Orders }

/**
 * Finds what there is of the file, without placing or booking anything. Orders that exist are read by sending them
 * again, and they are decided afterwards.
 */
export async function findEarlier(
  run: Run,
  catalogue: Catalogue,
  known: ReadonlyMap<string, Product>,
): Promise<FoundEarlier> {
  const { way, plan, progress, concurrency } = run
  const placed: PlannedInvoice[] = []
  await progress.counting('orders looked up', plan.orders.length, (tick) =>
    concurrently(plan.orders, concurrency, async (order) => {
      if (await way.isPlaced(order)) placed.push(order)
      tick()
    }),
  )
  const ids = new Map([...known].map(([sku, { id }]) => [sku, id]))
  const orders = await runOrders({ ...run, plan: { orders: placed } }, ids)
  // Nothing is written yet. An order that could not be read must not be counted as one with other lines.
  const unread = orders.problems.find(({ code }) => code !== otherOrder)
  if (unread) throw new ReplayFailure(`what was placed before cannot be read: ${unread.text}`)
  const same = orders.settled.filter(({ planned, order }) => !differs(planned, order.lines))
  return {
    run: orders,
    orders: new Set(placed.map(({ invoice }) => invoice)),
    held: same.filter(({ order }) => isHeld(order)).map(({ planned }) => planned),
    returns: await findReturns(run, catalogue, known),
  }
}

async function findReturns(
  { plan, progress, concurrency }: Run,
  catalogue: Catalogue,
  known: ReadonlyMap<string, Product>,
): Promise<readonly BookedLine[]> {
  const found: BookedLine[] = []
  await progress.counting('returns looked up', plan.returns.length, (tick) =>
    concurrently(plan.returns, concurrency, async ({ invoice, lines }) => {
      for (const sku of lines.keys()) {
        const product = known.get(sku)
        const units = product && (await catalogue.bookedReturn(product, invoice))
        if (units !== undefined) found.push({ invoice, sku, units })
      }
      tick()
    }),
  )
  return found
}
