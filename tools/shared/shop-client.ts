import { Pool, type Dispatcher } from 'undici'

export type ShopRequest = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly path: string
  readonly token?: string | undefined
  /** A guest's Cart-Token. */
  readonly cartToken?: string | undefined
  /** The Order-Token of a guest's order. */
  readonly orderToken?: string | undefined
  /** The Idempotency-Key. */
  readonly key?: string | undefined
  readonly body?: unknown
}

export type ShopAnswer = {
  readonly status: number
  /** The code of the problem; empty when the answer is not a problem. */
  readonly code: string
  /** True when the server has executed the request before under this key. */
  readonly isReplay: boolean
  /** The value of Retry-After. */
  readonly retryAfterSeconds: number | undefined
  /** Undefined when the body is not JSON. */
  readonly body: unknown
  readonly text: string
}

/** A client of the REST API that returns answers as they are. */
export type ShopClient = {
  /** Sends a request. Rejects when there is no answer; `troubleOf` gives the reason. */
  readonly send: (request: ShopRequest) => Promise<ShopAnswer>
  readonly close: () => Promise<void>
}

export type ShopClientOptions = {
  readonly connections: number
  /** The timeout for the head of an answer, and between two pieces of its body. */
  readonly answerTimeoutMs: number
  readonly connectTimeoutMs?: number
}

export function openShopClient(url: string, options: ShopClientOptions): ShopClient {
  const { connections, answerTimeoutMs, connectTimeoutMs = 10_000 } = options
  const pool = new Pool(url, {
    connections,
    connect: { timeout: connectTimeoutMs },
    headersTimeout: answerTimeoutMs,
    bodyTimeout: answerTimeoutMs,
  })
  return {
    async send(request) {
      const { statusCode, headers, body } = await pool.request(optionsOf(request))
      const text = await body.text()
      const read = parseJson(text)
      const { code = '' } = (read ?? {}) as { readonly code?: string }
      const retryAfter = Number(headers['retry-after'])
      return {
        status: statusCode,
        code,
        isReplay: headers['idempotent-replayed'] === 'true',
        retryAfterSeconds: Number.isFinite(retryAfter) ? retryAfter : undefined,
        body: read,
        text,
      }
    },
    close: () => pool.destroy(),
  }
}

function optionsOf({
  method,
  path,
  token,
  cartToken,
  orderToken,
  key,
  body,
}: ShopRequest): Dispatcher.RequestOptions {
  return {
    method,
    path,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(cartToken === undefined ? {} : { 'cart-token': cartToken }),
      ...(orderToken === undefined ? {} : { 'order-token': orderToken }),
      ...(key === undefined ? {} : { 'idempotency-key': key }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    body: body === undefined ? null : JSON.stringify(body),
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The reason why there was no answer. An AggregateError (every address refused) has no message of its own. */
export function troubleOf(err: unknown): string {
  const { code = '', message = '' } = err as { readonly code?: string; readonly message?: string }
  return code || message || String(err)
}
