import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { problemOf, sendAs, type Session } from './accounts.ts'
import { concurrently } from '../shared/concurrently.ts'
import type { PlannedInvoice } from './domain/plan.ts'
import type { SettledOrder, ShownMoney } from './domain/settled-order.ts'
import { ReplayFailure } from './replay-failure.ts'
import type { Rest } from './rest.ts'

/** Why there is no such order: the code of the answer, and words. */
export type Problem = { readonly code: string; readonly text: string }

export type Placed =
  /** `isNew` is false when an earlier run has placed the order. */
  | { readonly kind: 'placed'; readonly orderId: string; readonly isNew: boolean }
  /** Stock was short already: there is no order. */
  | { readonly kind: 'turned away' }
  | { readonly kind: 'failed'; readonly problem: Problem }

/** The invoice's number is the idempotency key, so there is only one order however often it is sent. */
export async function placeOrder(
  rest: Rest,
  session: Session,
  { invoice, lines }: PlannedInvoice,
  productIds: ReadonlyMap<string, string>,
): Promise<Placed> {
  const items = [...lines].map(([sku, quantity]) => ({
    productId: productIds.get(sku) ?? nothing(),
    quantity,
  }))
  const answer = await sendOrder(rest, session, invoice, items)
  if (answer.status === 201) {
    const { id } = answer.body as { id: string }
    return { kind: 'placed', orderId: id, isNew: !answer.isReplay }
  }
  if (answer.code === 'order.out-of-stock') return { kind: 'turned away' }
  return { kind: 'failed', problem: { code: answer.code, text: `invoice ${invoice}: ${problemOf(answer)}` } }
}

/**
 * Asks whether the invoice has been placed before, without placing anything: it asks for a product that does not
 * exist, and an order that exists under the key is found first.
 */
export async function isPlaced(rest: Rest, session: Session, invoice: string): Promise<boolean> {
  const answer = await sendOrder(rest, session, invoice, [{ productId: nothing(), quantity: 1 }])
  if (answer.code === otherOrder) return true
  if (answer.code === 'order.unknown-product') return false
  throw new ReplayFailure(`invoice ${invoice} cannot be looked up: ${problemOf(answer)}`)
}

type Item = { readonly productId: string; readonly quantity: number }

const sendOrder = (rest: Rest, session: Session, invoice: string, items: readonly Item[]) =>
  sendAs(rest, session, { method: 'POST', path: '/orders', key: invoice, body: { items } })

/** The answer when the invoice was placed with other lines. */
export const otherOrder = 'order.idempotency-key-reused'

/** The id of a product that nobody has. */
const nothing = randomUUID

/** Much longer than the sweeper takes to decide orders that were left pending. */
const patienceMs = 120_000
const pauseMs = 50

export type Following = {
  readonly rest: Rest
  readonly admin: Session
  readonly concurrency: number
  /** Nothing more is to be expected of it. */
  readonly isAtRest: (order: SettledOrder) => boolean
}

/** Asks until every order is at rest. The orders are reported in any order. */
export async function followOrders(
  { rest, admin, concurrency, isAtRest }: Following,
  orderIds: readonly string[],
  onSettled: (order: SettledOrder) => void,
): Promise<void> {
  let waiting = new Set(orderIds)
  let giveUpAt = performance.now() + patienceMs
  for (;;) {
    const before = waiting.size
    const still = new Set<string>()
    await concurrently(waiting, concurrency, async (id) => {
      const order = await readOrder(rest, admin, id)
      if (isAtRest(order)) onSettled(order)
      else still.add(id)
    })
    waiting = still
    if (waiting.size === 0) return
    if (waiting.size < before) giveUpAt = performance.now() + patienceMs
    if (performance.now() > giveUpAt)
      throw new ReplayFailure(`${waiting.size} orders are not decided after 120 s`)
    await sleep(pauseMs)
  }
}

async function readOrder(rest: Rest, admin: Session, id: string): Promise<SettledOrder> {
  const answer = await sendAs(rest, admin, { method: 'GET', path: `/orders/${id}` })
  if (answer.status !== 200) throw new ReplayFailure(`order ${id} cannot be read: ${problemOf(answer)}`)
  return settledOrder(answer.body as ShownOrder) // the API documents this shape
}

export type ShownOrder = ShownMoney & { readonly id: string; readonly status: string }

export const settledOrder = (shown: ShownOrder): SettledOrder => ({
  ...{ id: shown.id, status: shown.status, shown },
  lines: new Map(shown.items.map(({ sku, quantity }) => [sku, quantity])),
})
