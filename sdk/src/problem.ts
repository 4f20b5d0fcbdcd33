import type { ProblemCode } from './codes.gen.js'

/** What the API has refused, as RFC 9457 tells it. */
export type Problem = {
  readonly status: number
  readonly code: string
  /** For people. */
  readonly detail: string
  /** By this the shop's operators find the request in their logs. */
  readonly requestId?: string
  /** What else the problem says, such as the cart as it is now. */
  readonly [member: string]: unknown
}

/** A request that was refused. What got no answer at all is the error of `fetch`. */
export class ShopError extends Error {
  readonly status: number
  readonly code: ProblemCode | 'unknown'
  readonly problem: Problem

  constructor(status: number, problem: Problem) {
    super(problem.detail)
    this.name = 'ShopError'
    this.status = status
    // A newer API may have codes that this package does not know yet.
    this.code = problem.code as ProblemCode
    this.problem = problem
  }
}

/** True for a refusal with this code, or with any when none is given. */
export function isProblem<Code extends ProblemCode>(
  err: unknown,
  code?: Code,
): err is ShopError & { readonly code: Code } {
  return err instanceof ShopError && (code === undefined || err.code === code)
}

/** Of the body of an answer that is no success. A proxy in between may have written anything. */
export function shopError(status: number, body: unknown): ShopError {
  if (typeof body === 'object' && body !== null && 'code' in body && typeof body.code === 'string')
    return new ShopError(status, body as Problem) // the API writes the rest as well
  return new ShopError(status, { status, code: 'unknown', detail: `the answer was ${status}` })
}
