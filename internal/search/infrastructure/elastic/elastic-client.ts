import { splitLogin } from '../../../platform/address-login.ts'
import { Refusal } from '../../../platform/refusal.ts'
import { indexLayout, layoutNumber, type Json } from './index-layout.ts'

export type ElasticOptions = {
  /** With the user and the password, if it wants one. */
  readonly url: string
  /** The name by which the index is asked. */
  readonly index: string
}

export type Hit = { readonly _id: string; readonly _source?: Json; readonly sort?: readonly unknown[] }

export type Answer = { readonly hits: { readonly hits: readonly Hit[] }; readonly aggregations?: Json }

export type Stored = {
  readonly _id: string
  readonly found?: boolean
  readonly _source?: Json
  readonly _seq_no?: number
  readonly _primary_term?: number
}

/** A line of a bulk request, and the line after it if it has one. */
export type Write = readonly [action: Json, body?: Json]

export type Written = { readonly _id: string; readonly status: number; readonly result?: string }

/** The calls that Elasticsearch (from 7.10 on) and OpenSearch share. Each makes the index anew when it is not there. */
export type ElasticClient = {
  readonly search: (body: Json) => Promise<Answer>
  /** The answers in the order of the searches. */
  readonly searchAll: (bodies: readonly Json[]) => Promise<readonly Answer[]>
  /** As they are now, whether searches find them already or not. */
  readonly read: (ids: readonly string[], fields: readonly string[]) => Promise<readonly Stored[]>
  /** Searches find what was written when this ends. What is in conflict (409) or not there (404) is for the caller to judge. */
  readonly write: (writes: readonly Write[]) => Promise<readonly Written[]>
}

/** So long nobody waits for a page of products. */
const patienceMs = 10_000

/** Somebody has removed the index, or there has never been one. */
class IndexMissing extends Error {}

export function elasticClient(options: ElasticOptions): ElasticClient {
  const call = caller(options.url)
  const alias = encodeURIComponent(options.index)

  const create = async (): Promise<void> => {
    const name = encodeURIComponent(`${options.index}-${layoutNumber}`)
    const { status, body } = await call('PUT', `/${name}`, JSON.stringify(indexLayout(options.index)))
    if (status < 300 || errorIn(body)?.type === 'resource_already_exists_exception') return
    throw faultOf(status, errorIn(body))
  }

  const ask = async (path: string, text: string): Promise<unknown> => {
    const { status, body } = await call('POST', `/${alias}${path}`, text)
    if (status >= 300) throw faultOf(status, errorIn(body))
    return body
  }

  /** Each is idempotent, so it is simply done once more. */
  const withIndex = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    try {
      return await work()
    } catch (err) {
      if (!(err instanceof IndexMissing)) throw err
      await create()
      return work()
    }
  }

  return {
    search: async (body) => withIndex(async () => (await ask('/_search', JSON.stringify(body))) as Answer),
    searchAll: async (bodies) =>
      withIndex(async () => {
        const { responses } = (await ask('/_msearch', linesOf(bodies.flatMap((body) => [{}, body])))) as {
          readonly responses: readonly (Answer & { readonly status: number })[]
        }
        for (const each of responses) requireNoFault(each.status, errorIn(each))
        return responses
      }),
    read: async (ids, fields) =>
      withIndex(async () => {
        const { docs } = (await ask(`/_mget?_source=${fields.join(',')}`, JSON.stringify({ ids }))) as {
          readonly docs: readonly Stored[]
        }
        for (const each of docs) requireNoFault(200, errorIn(each))
        return docs
      }),
    write: async (writes) =>
      withIndex(async () => {
        const text = linesOf(writes.flatMap((lines) => lines.filter((line) => line !== undefined)))
        const { items } = (await ask('/_bulk?refresh=true&require_alias=true', text)) as {
          readonly items: readonly Readonly<Record<string, Written>>[]
        }
        const written = items.flatMap((item) => Object.values(item))
        for (const each of written) requireWritten(each)
        return written
      }),
  }
}

const linesOf = (values: readonly unknown[]): string =>
  values.map((value) => `${JSON.stringify(value)}\n`).join('')

type Fault = { readonly type?: string; readonly reason?: string }

const errorIn = (body: unknown): Fault | undefined => (body as { readonly error?: Fault } | undefined)?.error

function requireNoFault(status: number, fault: Fault | undefined): void {
  if (fault) throw faultOf(status, fault)
}

/** Without the alias nothing is written: the server would make an index of its own making. */
function requireWritten(written: Written): void {
  const fault = errorIn(written)
  const isTold = written.status === 409 || (written.status === 404 && fault?.type !== missing)
  if (!isTold) requireNoFault(written.status, fault)
}

const missing = 'index_not_found_exception'

/** A server that is away or busy is an outage. What else it refuses, such as a wrong password, is a fault of ours. */
function faultOf(status: number, fault: Fault | undefined): Error {
  if (fault?.type === missing) return new IndexMissing()
  if (status === 429 || status >= 500) return away()
  return new Error(
    `the search server refuses (${status}): ${fault?.type ?? 'no error'}, ${fault?.reason ?? ''}`,
  )
}

const away = (): Refusal =>
  new Refusal('unavailable', 'search.index-unavailable', 'the search index is out of reach; try again')

type Called = { readonly status: number; readonly body: unknown }

function caller(address: string): (method: string, path: string, body: string) => Promise<Called> {
  const { base, headers } = splitLogin(address)
  return async (method, path, body) => {
    const signal = AbortSignal.timeout(patienceMs)
    try {
      const answer = await fetch(`${base}${path}`, {
        ...{ method, body, signal, redirect: 'error' },
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
