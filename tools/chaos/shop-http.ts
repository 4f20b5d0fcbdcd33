import type { ToldOrder } from './history.ts'
import { openShopClient, troubleOf, type ShopRequest } from '../shared/shop-client.ts'

export type Reply = { readonly status: number; readonly code: string; readonly body: unknown }

export type ShopHttp = {
  /** Status 0 and the connection's error code when there was no answer. */
  readonly send: (request: ShopRequest) => Promise<Reply>
  readonly close: () => Promise<void>
}

/** Longer than any timeout of the services', so that it is they who are heard. */
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

/** What of an order's body is checked later. */
export function toldOrder({ status, body }: Reply): { readonly order?: ToldOrder } {
  if (status !== 200 && status !== 201) return {}
  const order = body as ToldOrder // our own API's answer; the verdict checks each field
  const items = order.items.map(({ productId, quantity }) => ({ productId, quantity }))
  return { order: { id: order.id, status: order.status, items, total: order.total } }
}
