import type { ToldOrder } from './history.ts'
import { openShopClient, troubleOf, type ShopRequest } from '../shared/shop-client.ts'

export type Reply = { readonly status: number; readonly code: string; readonly body: unknown }

export type ShopHttp = {
  /** Sends a request. Without an answer it resolves with status 0 and the error code of the connection. */
  readonly send: (request: ShopRequest) => Promise<Reply>
  readonly close: () => Promise<void>
}

/** Longer than any timeout of the services, so that their answers are heard. */
const answerTimeoutMs = 12_000
const connectTimeoutMs = 2_000
const connections = 256

export function openShopHttp(url: string): ShopHttp {
  const client = openShopClient(url, { connections, connectTimeoutMs, answerTimeoutMs })
  return {
    send: (request) =>
      client.send(request).catch((err: unknown) => ({ status: 0, code: troubleOf(err), body: undefined })),
    close: client.close,
  }
}

/** The part of an order's body that is checked later. */
export function toldOrder({ status, body }: Reply): { readonly order?: ToldOrder } {
  if (status !== 200 && status !== 201) return {}
  const order = body as ToldOrder // the answer of our own API; the verdict checks each field
  const items = order.items.map(({ productId, quantity }) => ({ productId, quantity }))
  return { order: { id: order.id, status: order.status, items, total: order.total } }
}
