import { setTimeout as sleep } from 'node:timers/promises'
import { holdSeconds } from '../shared/constellation.ts'
import type { Random } from '../shared/random.ts'
import { reasonWith, returnUrlWith } from './end-state.ts'
import type { Operation } from './history.ts'
import type { Insist, Patience } from './insist.ts'
import type { Reply, ShopHttp } from './shop-http.ts'
import { paypal, pickWay, visa, type WayToPay } from './ways-to-pay.ts'

export type Person = { readonly id: string; readonly token: string }

type Options = {
  readonly http: ShopHttp
  readonly random: Random
  readonly admin: Person
  readonly insist: Insist
  readonly patience: Readonly<Patience>
  readonly newKey: (name: string) => string
}

type Payment = {
  readonly id: string
  readonly status: string
  readonly amount: number
  readonly action?: { readonly url: string }
}

/** More customers who pay at the same time do not come. */
const mostPayers = 400
const shareInTwoTabs = 0.05
const shareOfCancelers = 0.2
/** Of the cancellations: an admin's, after which the shop keeps the money. */
const shareKept = 0.15
const shareRefunded = 0.2
const lookEveryMs = [300, 1_200] as const
const mostLooks = 60
/** Some come before the sweeper has ended their order, and some when it has ended. */
const lateMs = [holdSeconds * 1_000, holdSeconds * 1_000 + 100_000] as const

/** Customers who pay for an order, and staff who give some of it back. */
export function openPayers(options: Options) {
  const { random } = options
  let underWay = 0

  async function payAndMore(order: string, token: string): Promise<void> {
    const steps = stepsOf(options, order, token)
    if (!(await steps.becomesPayable())) return
    const tabs = [steps.payBy(pickWay(random))]
    if (random.next() < shareInTwoTabs) tabs.push(steps.payBy(paypal))
    const paying = Promise.all(tabs)
    if (random.next() < shareOfCancelers) {
      await sleep(random.integer(0, 4_000))
      await steps.cancel(random.next() < shareKept)
    } else if (random.next() < shareRefunded) {
      for (const payment of await paying) if (payment) await steps.refundSome(payment)
    }
    await paying
  }

  return {
    /** Resolves when the customer has done with the order. */
    async pay(order: string, token: string): Promise<void> {
      if (underWay >= mostPayers) return
      underWay++
      await payAndMore(order, token).finally(() => underWay--)
    },
  }
}

/** What can be done about one order. */
function stepsOf(options: Options, order: string, token: string) {
  const { http, random, admin, insist, newKey } = options
  const follow = follower(options, token)

  async function begin({ method, token: paymentToken }: WayToPay): Promise<Payment | undefined> {
    const key = newKey('pay')
    const body = { paymentMethod: method, returnUrl: returnUrlWith(key), ...(paymentToken === '' ? {} : { paymentToken }) } // prettier-ignore
    const operation: Operation = { name: 'pay', order, method, token: paymentToken }
    const reply = await insist(key, operation, () =>
      http.send({ method: 'POST', path: `/orders/${order}/payments`, token, key, body }),
    )
    return paymentIn(reply)
  }

  /** Resolves with the payment that was begun last. */
  async function payBy(way: WayToPay): Promise<Payment | undefined> {
    const begun = await begin(way)
    if (!begun || way.method === 'invoice') return begun
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
    const who = isKept ? admin.token : token
    const [path, body] = [`/orders/${order}/cancel`, { reason: 'changed my mind', ...refund }]
    await insist(newKey('cancel'), { name: 'cancel', order, ...refund }, () =>
      http.send({ method: 'POST', path, token: who, body }),
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

  return { becomesPayable: () => follow.order(order), payBy, cancel, refundSome }
}

/** Looks that are not part of the history: who looks has promised nothing. */
function follower({ http, random, patience }: Options, token: string) {
  async function look<Found>(path: string, found: (body: unknown) => Found | undefined | 'over') {
    for (let looks = 0; looks < mostLooks && !patience.isOver; looks++) {
      const { status, body } = await http.send({ method: 'GET', path, token })
      const seen = status === 200 ? found(body) : undefined
      if (seen !== undefined) return seen === 'over' ? undefined : seen
      await sleep(random.integer(...lookEveryMs))
    }
    return undefined
  }
  return {
    order: (id: string) =>
      look(`/orders/${id}`, (body) => {
        const { status } = body as { readonly status: string } // an answer of our own API, as below
        if (status === 'pending') return undefined
        return status === 'confirmed' ? status : 'over'
      }),
    payment: (id: string, wanted: readonly string[]) =>
      look(`/payments/${id}`, (body) => {
        const payment = body as Payment
        if (wanted.includes(payment.status)) return payment
        return ended.includes(payment.status) ? 'over' : undefined
      }),
  }
}

const ended = ['captured', 'failed', 'canceled', 'expired', 'voided', 'lapsed']

const paymentIn = (reply: Reply | undefined): Payment | undefined =>
  reply?.status === 201 ? (reply.body as Payment) : undefined // an answer of our own API
