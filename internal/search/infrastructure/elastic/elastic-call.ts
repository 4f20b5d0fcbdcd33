import { splitLogin } from '../../../platform/address-login.ts'
import { Refusal } from '../../../platform/refusal.ts'

/** So long nobody waits for a page of products. */
const patienceMs = 10_000

/** Somebody has removed the index, or there has never been one. */
export class IndexMissing extends Error {}

export type Fault = { readonly type?: string; readonly reason?: string }

export const errorIn = (body: unknown): Fault | undefined =>
  (body as { readonly error?: Fault } | undefined)?.error

export const missing = 'index_not_found_exception'

/** A server that is away or busy is an outage. What else it refuses, such as a wrong password, is a fault of ours. */
export function faultOf(status: number, fault: Fault | undefined): Error {
  if (fault?.type === missing) return new IndexMissing()
  if (status === 429 || status >= 500) return away()
  return new Error(
    `the search server refuses (${status}): ${fault?.type ?? 'no error'}, ${fault?.reason ?? ''}`,
  )
}

const away = (): Refusal =>
  new Refusal('unavailable', 'search.index-unavailable', 'the search index is out of reach; try again')

export type Called = { readonly status: number; readonly body: unknown }

export type ElasticCall = (method: 'GET' | 'POST' | 'PUT', path: string, body?: string) => Promise<Called>

/** Calls the server at this address, which has the user and the password if it wants one. */
export function elasticCall(address: string): ElasticCall {
  const { base, headers } = splitLogin(address)
  return async (method, path, body) => {
    const signal = AbortSignal.timeout(patienceMs)
    try {
      const answer = await fetch(`${base}${path}`, {
        ...{ method, signal, redirect: 'error' },
        ...(body !== undefined && { body }),
        headers: { ...headers, 'content-type': 'application/json' },
      })
      return { status: answer.status, body: await jsonOf(answer) }
    } catch {
      throw away()
    }
  }
}

/** What stands in front of the server may answer with something else. */
async function jsonOf(answer: Response): Promise<unknown> {
  const text = await answer.text()
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
