import { setTimeout as sleep } from 'node:timers/promises'
import { Pool, type Dispatcher } from 'undici'
import { ReplayFailure } from './replay-failure.ts'

export type Send = {
  readonly method: 'GET' | 'POST' | 'PATCH'
  readonly path: string
  readonly token?: string | undefined
  readonly idempotencyKey?: string
  readonly body?: unknown
}

export type Answer = {
  readonly status: number
  /** The server has done it before, under this key. */
  readonly isReplay: boolean
  /** The problem's code, for what is not a success. */
  readonly code: string
  readonly body: unknown
}

export type Rest = {
  /** Asks again while the stack is busy or away: all that is sent here is safe to send twice. */
  readonly send: (request: Send) => Promise<Answer>
  /** How often it was asked again. */
  readonly retries: () => number
  readonly close: () => Promise<void>
}

/** Longer than a restart of the whole stack takes. */
const patienceMs = 120_000
/** The audit reads everything. */
const answerTimeoutMs = 120_000
const outagePauseMs = 250
const busy: readonly number[] = [429, 502, 503, 504]

export function restClient(url: string, connections: number): Rest {
  const pool = new Pool(url, {
    connections,
    headersTimeout: answerTimeoutMs,
    bodyTimeout: answerTimeoutMs,
  })
  let retries = 0

  async function send(request: Send): Promise<Answer> {
    const giveUpAt = performance.now() + patienceMs
    for (;;) {
      const { answer, pauseMs, trouble } = await attempt(pool, request)
      if (answer) return answer
      if (performance.now() > giveUpAt) {
        throw new ReplayFailure(
          `${request.method} ${request.path} has failed for ${patienceMs / 1_000} s: ${trouble}`,
        )
      }
      retries++
      await sleep(pauseMs)
    }
  }

  return { send, retries: () => retries, close: () => pool.close() }
}

type Attempt =
  | { readonly answer: Answer; readonly pauseMs?: never; readonly trouble?: never }
  | { readonly answer?: never; readonly pauseMs: number; readonly trouble: string }

async function attempt(pool: Pool, request: Send): Promise<Attempt> {
  let response: Dispatcher.ResponseData
  let text: string
  try {
    response = await pool.request(optionsOf(request))
    text = await response.body.text()
  } catch (err) {
    return { pauseMs: outagePauseMs, trouble: troubleOf(err) }
  }
  const { statusCode, headers } = response
  if (busy.includes(statusCode)) {
    const seconds = Number(headers['retry-after'] ?? 1)
    return {
      pauseMs: Math.max(outagePauseMs, (Number.isFinite(seconds) ? seconds : 1) * 1_000),
      trouble: text,
    }
  }
  const body = parseJson(text)
  const { code = '' } = (body ?? {}) as { code?: string }
  return { answer: { status: statusCode, isReplay: headers['idempotent-replayed'] === 'true', code, body } }
}

function optionsOf({ method, path, token, idempotencyKey, body }: Send): Dispatcher.RequestOptions {
  return {
    method,
    path,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** An AggregateError (every address refused) has no message of its own. */
export function troubleOf(err: unknown): string {
  const { message = '', code = '' } = err as { message?: string; code?: string }
  return message || code || String(err)
}
