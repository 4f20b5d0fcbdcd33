import type { Trace } from '../../platform/call.ts'
import { Refusal } from '../../platform/refusal.ts'
import { someThingsAtOnce } from '../../platform/some-at-once.ts'
import { cartFate } from '../domain/cart-fate.ts'
import type { Order, OrderId } from '../domain/order.ts'
import { owedLines } from '../domain/payable.ts'
import type { Terms } from '../domain/terms.ts'
import type { Carts } from './carts.ts'
import type { Checkouts } from './checkouts.ts'
import type { OrderFiles } from './order-files.ts'
import type { Orders } from './orders.ts'
import type { Till } from './pay-orders.ts'
import type { Prices } from './prices.ts'
import type { releaseUnneeded } from './release-canceled-orders.ts'
import { ofOrder, type ToldOrder } from './stock.ts'

type Deps = {
  readonly orders: Pick<Orders, 'find'>
  readonly files: Pick<OrderFiles, 'update'>
  readonly checkouts: Pick<Checkouts, 'markTold' | 'markBegun'>
  readonly carts: Pick<Carts, 'order' | 'unlock'>
  readonly prices: Pick<Prices, 'confirm' | 'release'>
  readonly till: Pick<Till<unknown>, 'beginFirst'>
  readonly release: ReturnType<typeof releaseUnneeded>
}

/** Each waits for its cart, its promotions and its payment, so they wait together: as many as share one statement. */
const atOnce = 50

/**
 * Does what is still to be done after an order of a cart has changed: its cart and its promotions hear what became of it,
 * and its first payment begins when stock is held. Each may be repeated. Flags on the order's row say that it is due, so
 * a crash anywhere only lets the sweeper do it.
 */
export function followUp(deps: Deps) {
  return async (told: readonly ToldOrder[]): Promise<readonly undefined[]> => {
    return someThingsAtOnce(told, ofOrder, atOnce, async ({ orderId, trace }) => {
      const order = await deps.orders.find(orderId)
      // It was short of promotions, and its stock is held.
      if (order?.awaitingRelease && order.status === 'rejected') await deps.release([{ orderId, trace }])
      if (order?.terms && order.awaitingCart) await tellCart(deps, order, order.terms, trace)
      if (order?.firstPayment && order.status === 'confirmed' && !order.closing)
        await beginPayment(deps, order, trace)
      return undefined
    })
  }
}

/** True when `followUp` has something to do. */
export const isDue = ({ awaitingCart, firstPayment, status, closing }: Order): boolean =>
  awaitingCart || (firstPayment !== undefined && status === 'confirmed' && !closing)

async function tellCart(
  { checkouts, carts, prices }: Deps,
  order: Order,
  { cart, promotions }: Terms,
  trace: Trace,
): Promise<void> {
  const hold = { orderId: order.id, holdNo: order.holdNo, trace }
  const locked = { cartId: cart.id, version: cart.version, orderId: order.id }
  const fate = cartFate(order)
  if (fate === 'ordered' && promotions.length > 0) await prices.confirm(hold)
  if (fate === 'given-back' && promotions.length > 0) await prices.release(hold)
  if (fate === 'given-back') await carts.unlock(locked, trace)
  else if (fate !== undefined) await carts.order(locked, trace)
  await checkouts.markTold(order)
}

/** A payment that is refused leaves the order to be paid in another way, until its hold ends. */
async function beginPayment({ files, checkouts, till }: Deps, order: Order, trace: Trace): Promise<void> {
  const { id, firstPayment } = order
  if (!firstPayment) return
  try {
    await till.beginFirst(order, owedLines(order), firstPayment, trace)
    await checkouts.markBegun(id, firstPayment.id)
  } catch (err) {
    if (!(err instanceof Refusal) || err.kind === 'unavailable') throw err
    await files.update({
      ...{ id, trace },
      decide: (file) => {
        const { order: now } = file
        if (now.firstPayment?.id !== firstPayment.id) return undefined
        const failed = now.paymentStatus === 'unpaid' ? 'failed' : now.paymentStatus
        return {
          state: { ...file, order: { ...now, firstPayment: undefined, paymentStatus: failed } },
          events: [],
        }
      },
    })
  }
}

/** No event has asked for it. */
export const untoldOrder = (orderId: OrderId): ToldOrder => ({
  orderId,
  trace: { correlationId: orderId, causationId: '', traceparent: '' },
})
