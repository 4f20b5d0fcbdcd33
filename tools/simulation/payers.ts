import type { Call } from '../../internal/platform/call.ts'
import type { OrderHandlers, PaymentHandlers } from './parts.ts'
import type { SimulatedProvider } from './provider.ts'
import type { WayToPay } from './shopping.ts'
import type { ClientStep } from './steps.ts'
import type { World } from './world.ts'

type StepTo<Kind extends ClientStep['do']> = Extract<ClientStep, { readonly do: Kind }>

/** What customers and staff were told about money, which must be true in the end. */
export type ToldMoney = {
  /** The payments that were answered to each request. */
  readonly payments: Map<string, Set<string>>
  readonly refunds: { readonly id: string; readonly amountMinor: string }[]
  /** Orders that an admin wanted to cancel without giving money back. */
  readonly kept: Set<string>
}

/** An order, as its buyer knows it. */
type Known = { readonly id: string; readonly call: Call }

/** Customers who pay, and staff who give money back. */
export type Till = {
  readonly world: World
  readonly orders: OrderHandlers
  readonly payments: PaymentHandlers
  readonly provider: SimulatedProvider
  readonly admin: Call
  readonly known: readonly Known[]
  readonly told: ToldMoney
  readonly ask: <Answer>(work: () => Promise<Answer>) => Promise<Answer | undefined>
}

const lookEveryMs = 1_000
const mostLooks = 30

export async function pay(till: Till, step: StepTo<'pay'>): Promise<void> {
  const order = till.known[step.nth % till.known.length]
  if (!order || !(await isPayable(till, order))) return
  const { key, method, token } = step
  const id = await begin(till, order, `pay ${key}`, method, token)
  if (id === undefined || method === 'invoice') return
  const outcome = await goThrough(till, order, id, step)
  if (outcome === 'failed') await begin(till, order, `pay ${key} again`, 'card', 'pm_card_visa')
}

/** The payment that a checkout has named begins by itself. */
export async function payAtCheckout(till: Till, order: Known, id: string, way: WayToPay): Promise<void> {
  const isWaited = id !== '' && way.method !== 'invoice' && (await isPayable(till, order))
  const outcome = isWaited ? await goThrough(till, order, id, way) : undefined
  if (outcome === 'failed') await begin(till, order, `pay ${order.id} again`, 'card', 'pm_card_visa')
}

/** Waits until the order is decided. */
async function isPayable(till: Till, { id, call }: Known): Promise<boolean> {
  const isConfirmed = await look(till, async () => {
    const status = (await till.ask(() => till.orders.getOrder({ id }, call)))?.order.status
    return status === 'pending' ? undefined : status === 'confirmed'
  })
  return isConfirmed === true
}

/** Waits for the provider, and goes through its page if there is one. Returns the status before the page. */
async function goThrough(
  till: Till,
  { call }: Known,
  id: string,
  { page, pageAfterMs }: WayToPay,
): Promise<string | undefined> {
  const { ask, provider, world } = till
  const action = await look(till, async () => {
    const payment = (await ask(() => till.payments.getPayment({ id }, call)))?.payment
    if (!payment || ['created', 'processing', 'unknown'].includes(payment.status)) return undefined
    return payment
  })
  if (action?.status !== 'action_required' || page === 'leave') return action?.status
  await pause(world, pageAfterMs)
  provider.answer(action.actionUrl.split('/').at(-1) ?? '', page)
  return action.status
}

async function begin(
  { orders, told, ask }: Till,
  { id, call }: Known,
  key: string,
  method: string,
  token: string,
): Promise<string | undefined> {
  const wanted = { id, method, token, returnUrl: 'http://shop/back', client: '' }
  const answer = await ask(() => orders.payOrder(wanted, { ...call, once: { key, fingerprint: '' } }))
  if (!answer) return undefined
  const ids = told.payments.get(key) ?? new Set()
  told.payments.set(key, ids.add(answer.payment.id))
  return answer.payment.id
}

/** Several refunds at once, which together may be more than was taken. */
export async function refund(till: Till, { nth, key, times, percent }: StepTo<'refund'>): Promise<void> {
  const { told, payments, admin, ask } = till
  const all = [...told.payments.values()].flatMap((ids) => [...ids])
  const id = all[nth % all.length]
  const found = id === undefined ? undefined : await ask(() => payments.getPayment({ id }, admin))
  if (id === undefined || !found) return
  const amountMinor = String((BigInt(found.payment.amountMinor) * BigInt(percent)) / 100n)
  const once = async (turn: number): Promise<void> => {
    const call = { ...admin, once: { key: `refund ${key} ${turn}`, fingerprint: '' } }
    const answer = await ask(() => payments.refundPayment({ id, amountMinor, lines: [], reason: '' }, call))
    if (answer) told.refunds.push({ id: answer.refund.id, amountMinor })
  }
  await Promise.all(Array.from({ length: times }, (_, turn) => once(turn)))
}

/** An admin cancels an order, and the shop keeps its money. */
export async function cancelAndKeep({ known, orders, told, admin, ask }: Till, nth: number): Promise<void> {
  const id = known[nth % known.length]?.id
  if (id === undefined) return
  told.kept.add(id)
  await ask(() => orders.cancelOrder({ id, reason: 'fraud', refund: 'none' }, admin))
}

async function look<Found>(
  { world }: Till,
  find: () => Promise<Found | undefined>,
): Promise<Found | undefined> {
  for (let left = mostLooks; left > 0; left--) {
    const found = await find()
    if (found !== undefined) return found
    await pause(world, lookEveryMs)
  }
  return undefined
}

const pause = (world: World, ms: number): Promise<void> =>
  new Promise((resolve) => {
    world.time.after(ms, resolve)
  })
