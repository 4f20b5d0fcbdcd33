import { setTimeout as sleep } from 'node:timers/promises'
import { actionHoldSeconds } from '../shared/constellation.ts'
import type { Random } from '../shared/random.ts'
import { reasonWith, returnUrlWith } from './end-state.ts'
import type { Operation } from './history.ts'
import type { Insist, Patience } from './insist.ts'
import type { Reply, ShopHttp } from './shop-http.ts'
import { visa, type WayToPay } from './ways-to-pay.ts'

export type Person = { readonly id: string; readonly token: string }

/** Whose an order is: a customer's, or a guest's who has its token. */
export type Buyer = { readonly token: string } | { readonly orderToken: string }

export type PayingOptions = {
  readonly http: ShopHttp
  readonly random: Random
  readonly admin: Person
  readonly insist: Insist
  readonly patience: Readonly<Patience>
  readonly newKey: (name: string) => string
}

export type Payment = {
  readonly id: string
  readonly status: string
  readonly method: string
  readonly amount: number
  readonly action?: { readonly url: string }
}

const lookEveryMs = [300, 1_200] as const
const mostLooks = 60
/** Some come before the sweeper has ended their order, and some when it has ended. */
const lateMs = [actionHoldSeconds * 1_000, actionHoldSeconds * 1_000 + 40_000] as const

/** What can be done about the money of one order. */
export function stepsOf(options: PayingOptions, order: string, who: Buyer) {
  const { http, random, admin, insist, newKey } = options
  const follow = follower(options, who)

  async function begin({ method, token: paymentToken }: WayToPay): Promise<Payment | undefined> {
    const key = newKey('pay')
    const body = { paymentMethod: method, returnUrl: returnUrlWith(key), ...(paymentToken === '' ? {} : { paymentToken }) } // prettier-ignore
    const operation: Operation = { name: 'pay', order, method, token: paymentToken }
    const reply = await insist(key, operation, () =>
      http.send({ method: 'POST', path: `/orders/${order}/payments`, ...who, key, body }),
    )
    return paymentIn(reply)
  }

  /** Resolves with the payment that was begun last. */
  async function seeThrough(begun: Payment, way: WayToPay): Promise<Payment | undefined> {
    if (way.method === 'invoice') return begun
    if (way.page !== undefined) await answer(begun, way.page)
    if (!way.hasAnotherCard || !(await follow.payment(begun.id, ['failed', 'canceled', 'expired'])))
      return begun
    return begin(visa)
  }

  async function answer({ id }: Payment, page: WayToPay['page']): Promise<void> {
    const url = (await follow.payment(id, ['action_required']))?.action?.url
    if (url === undefined || page === 'leave') return
    await sleep(page === 'late' ? random.integer(...lateMs) : random.integer(0, 2_500))
    await http.atPage(url, page === 'decline' ? 'decline' : 'approve')
  }

  async function cancel(isKept: boolean): Promise<void> {
    const refund = isKept ? ({ refund: 'none' } as const) : {}
    const whose = isKept ? { token: admin.token } : who
    const [path, body] = [`/orders/${order}/cancel`, { reason: 'changed my mind', ...refund }]
    await insist(newKey('cancel'), { name: 'cancel', order, ...refund }, () =>
      http.send({ method: 'POST', path, ...whose, body }),
    )
  }

  /** Some refunds at once, which together may be more than was paid. */
  async function refundSome({ id, amount }: Payment): Promise<void> {
    if (!(await follow.payment(id, ['captured']))) return
    const refunds = Array.from({ length: random.integer(1, 3) }, async () => {
      const part = Math.max(1, Math.round(amount * 100 * random.next())) / 100
      const [key, path] = [newKey('refund'), `/payments/${id}/refunds`]
      const body = { amount: part, reason: reasonWith(key) }
      await insist(key, { name: 'refund', order, payment: id, amount: part }, () =>
        http.send({ method: 'POST', path, token: admin.token, key, body }),
      )
    })
    await Promise.all(refunds)
  }

  return {
    ...{ seeThrough, cancel, refundSome },
    payBy: async (way: WayToPay) => {
      const begun = await begin(way)
      return begun && seeThrough(begun, way)
    },
    becomes: follow.order,
    isCaptured: async ({ id }: Payment) => (await follow.payment(id, ['captured'])) !== undefined,
  }
}

/** Looks that are not part of the history: who looks has promised nothing. */
function follower({ http, random, patience }: PayingOptions, who: Buyer) {
  async function look<Found>(path: string, found: (body: unknown) => Found | undefined | 'over') {
    for (let looks = 0; looks < mostLooks && !patience.isOver; looks++) {
      const { status, body } = await http.send({ method: 'GET', path, ...who })
      const seen = status === 200 ? found(body) : undefined
      if (seen !== undefined) return seen === 'over' ? undefined : seen
      await sleep(random.integer(...lookEveryMs))
    }
    return undefined
  }
  return {
    /** Resolves with the order once it has one of these statuses; undefined when it has ended. */
    order: (id: string, wanted: readonly string[]) =>
      look(`/orders/${id}`, (body) => {
        const order = body as SeenOrder // an answer of our own API, as below
        if (wanted.includes(order.status)) return order
        return deadOrders.includes(order.status) ? 'over' : undefined
      }),
    payment: (id: string, wanted: readonly string[]) =>
      look(`/payments/${id}`, (body) => {
        const payment = body as Payment
        if (wanted.includes(payment.status)) return payment
        return ended.includes(payment.status) ? 'over' : undefined
      }),
  }
}

export type SeenOrder = {
  readonly status: string
  readonly items: readonly { readonly lineId: string; readonly quantity: number }[]
}

const deadOrders = ['rejected', 'canceled', 'expired']
const ended = ['captured', 'failed', 'canceled', 'expired', 'voided', 'lapsed']

const paymentIn = (reply: Reply | undefined): Payment | undefined =>
  reply?.status === 201 ? (reply.body as Payment) : undefined // an answer of our own API
