import { STATUS_CODES } from 'node:http'
import type { Refusal, RefusalKind } from '../platform/refusal.ts'

/** A problem of RFC 9457. `code` is stable, and the details of a refusal are members beside it. */
export type Problem = {
  readonly type: 'about:blank'
  readonly title: string
  readonly status: number
  readonly detail: string
  readonly code: string
  readonly instance: string
  readonly requestId: string
  readonly [detail: string]: unknown
}

export type ProblemContext = { readonly path: string; readonly requestId: string }

const statusOfKind: Readonly<Record<RefusalKind, number>> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  internal: 500,
  unavailable: 503,
}

/** The codes for which HTTP has a more precise status than for their kind. */
const statusOfCode: Readonly<Record<string, number>> = {
  'order.idempotency-key-reused': 422,
  'stock.idempotency-key-reused': 422,
  'request.idempotency-key-reused': 422,
  'product.version-mismatch': 412,
  'category.version-mismatch': 412,
  'family.version-mismatch': 412,
  'cart.changed': 412,
  'shipping-method.version-mismatch': 412,
  'tax-rate.version-mismatch': 412,
  'promotion.version-mismatch': 412,
  'request.too-large': 413,
  'request.unsupported-media-type': 415,
  'request.method-not-allowed': 405,
  'request.expectation-failed': 417,
  'request.rate-limited': 429,
  'auth.too-many-codes': 429,
  'stream.too-many': 429,
}

/** Most outages are over in moments, and a stream may be closed in one. If not, the client just asks again. */
const retryAfterSeconds = 1

export function statusOf({ kind, code }: Refusal): number {
  return statusOfCode[code] ?? statusOfKind[kind]
}

export function problemOf(refusal: Refusal, { path, requestId }: ProblemContext): Problem {
  const status = statusOf(refusal)
  const standard = {
    type: 'about:blank',
    title: STATUS_CODES[status] ?? 'Error',
    status,
    detail: refusal.kind === 'internal' ? 'internal error' : refusal.message,
    code: refusal.code,
    instance: path,
    requestId,
  } as const
  return { ...standard, ...refusal.details, ...standard }
}

export function problemHeaders(refusal: Refusal): Readonly<Record<string, string>> {
  const status = statusOf(refusal)
  if (status === 503 || refusal.code === 'stream.too-many')
    return { 'retry-after': String(retryAfterSeconds) }
  if (status === 401) return { 'www-authenticate': challenge(refusal.code) }
  return {}
}

function challenge(code: string): string {
  return code.startsWith('auth.token-') ? 'Bearer error="invalid_token"' : 'Bearer'
}
