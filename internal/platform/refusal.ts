export type RefusalKind =
  | 'invalid'
  | 'not-found'
  | 'conflict'
  | 'forbidden'
  | 'unauthenticated'
  | 'unavailable'
  /** A bug on the other side of a call; its log has the cause. */
  | 'internal'

/** The only expected error. `code` is a stable part of the API; `details` are shown to the caller. */
export class Refusal extends Error {
  readonly kind: RefusalKind
  readonly code: string
  readonly details: Readonly<Record<string, unknown>> | undefined

  constructor(kind: RefusalKind, code: string, message: string, details?: Readonly<Record<string, unknown>>) {
    super(message)
    this.name = 'Refusal'
    this.kind = kind
    this.code = code
    this.details = details
  }
}
