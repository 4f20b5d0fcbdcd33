import { Pool, type Dispatcher } from 'undici'

export type ShopRequest = {
  readonly method: 'GET' | 'POST' | 'PATCH'
  readonly path: string
  readonly token?: string | undefined
  /** The Idempotency-Key. */
  readonly key?: string | undefined
  readonly body?: unknown
}

export type ShopAnswer = {
  readonly status: number
  /** The problem's code; empty for what is no problem. */
  readonly code: string
  /** The server has done it before, under this key. */
  readonly isReplay: boolean
  /** What Retry-After says. */
  readonly retryAfterSeconds: number | undefined
  /** Undefined for what is no JSON. */
  readonly body: unknown
  readonly text: string
}

/** The REST API as a client uses it who wants to know what is answered. */
export type ShopClient = {
  /** Rejects when there is no answer; `troubleOf` says why. */
  readonly send: (request: ShopRequest) => Promise<ShopAnswer>
  readonly close: () => Promise<void>
}

export type ShopClientOptions = {
  readonly connections: number
  /** For the head of an answer, and between two pieces of its body. */
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

function optionsOf({ method, path, token, key, body }: ShopRequest): Dispatcher.RequestOptions {
  return {
    method,
    path,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
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

/** Why there was no answer. An AggregateError (every address refused) has no message of its own. */
export function troubleOf(err: unknown): string {
  const { code = '', message = '' } = err as { readonly code?: string; readonly message?: string }
  return code || message || String(err)
}
