import { setTimeout as sleep } from 'node:timers/promises'
import type { Operation, ToldOrder, ToldPayment, ToldRefund } from './history.ts'
import { openShopClient, troubleOf, type ShopRequest } from '../shared/shop-client.ts'

export type Reply = { readonly status: number; readonly code: string; readonly body: unknown }

export type ShopHttp = {
  /** Sends a request. Without an answer it resolves with status 0 and the error code of the connection. */
  readonly send: (request: ShopRequest) => Promise<Reply>
  /** The customer's answer at the provider's page. The provider may be away, so he tries a few times. */
  readonly atPage: (url: string, answer: 'approve' | 'decline') => Promise<void>
  readonly close: () => Promise<void>
}

/** Longer than any timeout of the services, so that their answers are heard. */
const answerTimeoutMs = 12_000
const connectTimeoutMs = 2_000
const connections = 256
const pageTries = 5
const pagePauseMs = 700

export function openShopHttp(url: string): ShopHttp {
  const client = openShopClient(url, { connections, connectTimeoutMs, answerTimeoutMs })
  return {
    send: (request) =>
      client.send(request).catch((err: unknown) => ({ status: 0, code: troubleOf(err), body: undefined })),
    async atPage(url, answer) {
      for (let left = pageTries; left > 0; left--) {
        const answered = await fetch(`${url}/${answer}`, {
          ...({ method: 'POST', redirect: 'manual' } as const), // back to the shop, where nobody has a page
          signal: AbortSignal.timeout(connectTimeoutMs),
        }).catch(() => undefined)
        if (answered && answered.status < 500) return
        await sleep(pagePauseMs)
      }
    },
    close: client.close,
  }
}

type ToldThings = {
  readonly order?: ToldOrder
  readonly payment?: ToldPayment
  readonly refund?: ToldRefund
  readonly isReopened?: boolean
}

/** The part of an answer's body that is checked later. The bodies are those of our own API; the verdict checks them. */
export function toldOf(operation: Operation, reply: Reply): ToldThings {
  const { name } = operation
  const { status, body } = reply
  if (name === 'place' || name === 'cancel' || name === 'look') return toldOrder(reply)
  if (status !== 200 && status !== 201) return {}
  if (name === 'checkout') return toldOrder({ ...reply, body: (body as { readonly order: unknown }).order })
  if (name === 'reopen') {
    const cart = body as { readonly id: string | null; readonly status: string }
    return { isReopened: cart.id === operation.cart && cart.status === 'active' }
  }
  if (name === 'pay') {
    const { id, orderId, amount } = body as ToldPayment
    return { payment: { id, orderId, amount } }
  }
  if (name !== 'refund') return {}
  const { id, paymentId, amount } = body as ToldRefund
  return { refund: { id, paymentId, amount } }
}

export function toldOrder({ status, body }: Reply): { readonly order?: ToldOrder } {
  if (status !== 200 && status !== 201) return {}
  const order = body as ToldOrder // the answer of our own API; the verdict checks each field
  const items = order.items.map(({ productId, quantity }) => ({ productId, quantity }))
  return { order: { id: order.id, status: order.status, items, total: order.total } }
}
