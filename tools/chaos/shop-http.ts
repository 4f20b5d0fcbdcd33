import { Pool } from 'undici'
import type { ToldOrder } from './history.ts'

export type Request = {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly token: string
  readonly key?: string | undefined
  readonly body?: unknown
}

export type Reply = { readonly status: number; readonly code: string; readonly body: unknown }

export type ShopHttp = {
  /** Status 0 and the connection's error code when there was no answer. */
  readonly send: (request: Request) => Promise<Reply>
  readonly close: () => Promise<void>
}

/** Longer than any timeout of the services', so that it is they who are heard. */
const patienceMs = 12_000
const connections = 256

export function openShopHttp(url: string): ShopHttp {
  const pool = new Pool(url, { connections, connect: { timeout: 2_000 }, headersTimeout: patienceMs })
  return {
    async send({ method, path, token, key, body }) {
      try {
        const answer = await pool.request({
          method,
          path,
          headers: {
            authorization: `Bearer ${token}`,
            ...(key === undefined ? {} : { 'idempotency-key': key }),
            ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          },
          body: body === undefined ? null : JSON.stringify(body),
          bodyTimeout: patienceMs,
        })
        const read = (await answer.body.json()) as { readonly code?: string }
        return { status: answer.statusCode, code: read.code ?? '', body: read }
      } catch (err) {
        return { status: 0, code: codeOf(err), body: undefined }
      }
    },
    close: () => pool.destroy(),
  }
}

/** What of an order's body is checked later. */
export function toldOrder({ status, body }: Reply): { readonly order?: ToldOrder } {
  if (status !== 200 && status !== 201) return {}
  const order = body as ToldOrder // our own API's answer; the verdict checks each field
  const items = order.items.map(({ productId, quantity }) => ({ productId, quantity }))
  return { order: { id: order.id, status: order.status, items, total: order.total } }
}

function codeOf(err: unknown): string {
  const { code = '', message = '' } = err as { code?: string; message?: string }
  return code || message || String(err)
}
