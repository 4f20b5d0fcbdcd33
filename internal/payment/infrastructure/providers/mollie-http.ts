import { request, type Dispatcher } from 'undici'
import type { CallKey, Declined, Unknown } from '../../application/provider.ts'
import { afterConnectionError, declined, unknown } from './outcome.ts'

export type MollieHttp = (call: MollieCall) => Promise<Answered | Declined | Unknown>

export type MollieCall = {
  readonly method: 'GET' | 'POST' | 'DELETE'
  /** Behind `/v2/`. */
  readonly path: string
  readonly key?: CallKey
  readonly body?: unknown
}

/** Whatever Mollie has answered with a status of success; the caller says what it expects to be in it. */
export type Answered = { readonly kind: 'answered'; readonly body: unknown }

export type MollieHttpOptions = {
  readonly apiKey: string
  /** https://api.mollie.com, or that of the sandbox. */
  readonly apiUrl: string
  readonly timeoutMs: number
  readonly dispatcher?: Dispatcher
}

export function mollieHttp({ apiKey, apiUrl, timeoutMs, dispatcher }: MollieHttpOptions): MollieHttp {
  const base = apiUrl.replace(/\/+$/, '')
  return async ({ method, path, key, body }) => {
    try {
      const answer = await request(`${base}/v2/${path}`, {
        method,
        headers: {
          authorization: `Bearer ${apiKey}`,
          accept: 'application/json',
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(key ? { 'idempotency-key': `${key.operationId}/${key.attempt}` } : {}),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...(dispatcher ? { dispatcher } : {}),
        signal: AbortSignal.timeout(timeoutMs),
      })
      const text = await answer.body.text()
      return judge(answer.statusCode, text)
    } catch (err) {
      return afterConnectionError(codeOf(err))
    }
  }
}

function codeOf(err: unknown): string {
  if (!(err instanceof Error)) return ''
  return 'code' in err && typeof err.code === 'string' ? err.code : err.name
}

type Problem = { readonly detail?: string; readonly field?: string }

/** A text that is no JSON comes from something in between, which does not know what Mollie did. */
function judge(status: number, text: string): Answered | Declined | Unknown {
  const body = parsed(text)
  if (status >= 200 && status < 300)
    return body === undefined && text !== ''
      ? unknown(`an answer that is no JSON`, 'may-have-done')
      : { kind: 'answered', body }
  const { detail = `status ${status}`, field = '' } = (body ?? {}) as Problem // both are checked by their defaults
  if (status === 401 || status === 403 || status === 429) return unknown(detail, 'did-nothing')
  if (status === 404 || status === 410) return declined('not-found', String(status), detail)
  if (status === 422) return declined(refusals[field] ?? 'provider-refused', field, detail)
  if (status === 400) return declined('provider-refused', '400', detail)
  return unknown(detail, 'may-have-done')
}

/** By the field that Mollie complains about; none means that the payment is not in a state for it. */
const refusals: Readonly<Record<string, Declined['code']>> = {
  '': 'not-possible-now',
  amount: 'amount-not-possible',
}

function parsed(text: string): unknown {
  try {
    return text === '' ? undefined : (JSON.parse(text) as unknown)
  } catch {
    return undefined
  }
}
