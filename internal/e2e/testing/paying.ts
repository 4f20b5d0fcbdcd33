import { createHmac } from 'node:crypto'
import { jetstreamManager } from '@nats-io/jetstream'
import { connect } from '@nats-io/transport-node'
import { type Test } from 'tap'
import { natsOptions } from '../../platform/nats-access.ts'
import { eventually } from '../../platform/testing/eventually.ts'
import type { ProductBody } from './api.ts'
import { buying, shipToBritain, type Bought, type Cart, type Order, type Who } from './buying.ts'
import type { Shop } from './shop.ts'

export type PaymentBody = {
  readonly id: string
  readonly orderId: string
  readonly status: string
  readonly method: string
  readonly amount: number
  readonly captured: number
  readonly refunded: number
  readonly action?: { readonly url: string }
}

export type Charge = {
  readonly ref: string
  readonly orderId: string | null
  readonly paymentId: string | null
  readonly status: string
  readonly captured: number
  readonly refunded: number
  readonly disputed: number
}

export const returnUrl = 'http://localhost:3000/thanks'
export const secure = { paymentToken: 'pm_card_threeDSecure2Required', returnUrl }
const webhookSecret = 'whsec_sandbox'

/** What customers, their bank, the provider and staff do, at a shop that sells through checkouts. */
export async function payingAt(shop: Shop, sandboxUrl: string) {
  const { api, adminToken } = shop
  const admin = { token: adminToken }
  const shopping = buying(api, await shipToBritain(api, adminToken))
  const { send, filled, buy } = shopping

  async function control<Answer = Charge>(method: string, path: string, body?: object): Promise<Answer> {
    const answer = await fetch(`${sandboxUrl}/control${path}`, {
      ...{ method, headers: { 'content-type': 'application/json' } },
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
    return (await answer.json()) as Answer // the caller knows the route
  }

  const chargesOf = async (orderId: string): Promise<readonly Charge[]> => {
    const { data } = await control<{ readonly data: readonly Charge[] }>('GET', '/charges')
    return data.filter((charge) => charge.orderId === orderId)
  }

  return {
    ...shopping,
    admin,
    control,
    chargesOf,
    /** What the provider has taken and not given back, in cents. */
    keptFor: async (orderId: string): Promise<number> =>
      (await chargesOf(orderId)).reduce((sum, { captured, refunded }) => sum + captured - refunded, 0),
    /** A customer of one's own fills a cart and checks out. */
    async bought(product: ProductBody, changes: object = {}, quantity = 1) {
      const who = { token: await api.newCustomer() }
      const { cart } = await filled(who, product, quantity)
      const answer = await buy(who, cart, changes)
      return { who, cart, answer, ...idsOf(answer.body) }
    },
    paymentsOf: async (who: Who, orderId: string): Promise<readonly PaymentBody[]> =>
      (await send<{ data: readonly PaymentBody[] }>('GET', `/orders/${orderId}/payments`, who)).body.data,
    payAgain: (who: Who, orderId: string, body: object) =>
      send<PaymentBody>('POST', `/orders/${orderId}/payments`, who, body),
    orderNow: async (who: Who, id: string): Promise<Order> =>
      (await send<Order>('GET', `/orders/${id}`, who)).body,
    cartNow: async (who: Who): Promise<Cart> => (await send<Cart>('GET', '/cart', who)).body,
    stockOf: async ({ id }: ProductBody): Promise<number> =>
      (await send<{ stock: number }>('GET', `/products/${id}`, {})).body.stock,
    /** Where the customer is sent to, once the provider has said so. */
    pageOf: (who: Who, paymentId: string): Promise<string> =>
      eventually('the customer is sent to the provider', async () => {
        return (await send<PaymentBody>('GET', `/payments/${paymentId}`, who)).body.action?.url
      }),
  }
}

const idsOf = ({ order, payment }: Bought) => ({ id: order?.id ?? '', paymentId: payment?.id ?? '' })

/** Reads the newest events of the broker by their subjects. */
export async function eventsOf(t: Test, shop: Shop) {
  const nats = await connect(natsOptions(shop.nats.url))
  t.teardown(() => nats.close())
  const manager = await jetstreamManager(nats)
  /** Waits until the newest event of the subject is one of this order. */
  return (stream: string, subject: string, orderId: string) =>
    eventually(`${subject} of ${orderId}`, async () => {
      const message = await manager.streams.getMessage(stream, { last_by_subj: subject }).catch(() => null)
      const data = message?.json<Readonly<Record<string, unknown>>>()
      return data?.orderId === orderId && data
    })
}

/** A webhook as Stripe signs it. */
export function signedWebhook(event: object): { readonly body: string; readonly signature: string } {
  const [body, at] = [JSON.stringify(event), Math.floor(Date.now() / 1_000)]
  const mac = createHmac('sha256', webhookSecret).update(`${at}.${body}`).digest('hex')
  return { body, signature: `t=${at},v1=${mac}` }
}
