import {
  elasticCall,
  errorIn,
  faultOf,
  IndexMissing,
  missing,
  type ElasticCall,
  type Fault,
} from './elastic-call.ts'
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

/** The calls that Elasticsearch (from 7.10 on) and OpenSearch share. */
export type ElasticClient = {
  readonly search: (body: Json) => Promise<Answer>
  /** The answers in the order of the searches. */
  readonly searchAll: (bodies: readonly Json[]) => Promise<readonly Answer[]>
  /** As they are now, whether searches find them already or not. */
  readonly read: (ids: readonly string[], fields: readonly string[]) => Promise<readonly Stored[]>
  /** Searches find what was written when this ends. What is in conflict (409) or not there (404) is for the caller to judge. */
  readonly write: (writes: readonly Write[]) => Promise<readonly Written[]>
}

/** The index that is asked by this name. Each call makes it anew when it is not there. */
export function elasticClient({ url, index }: ElasticOptions): ElasticClient {
  const call = elasticCall(url)
  const name = `${index}-${layoutNumber}`
  return clientOf(call, index, async (work) => {
    try {
      return await work()
    } catch (err) {
      if (!(err instanceof IndexMissing)) throw err
      await createIndex(call, name, index)
      return work() // each is idempotent, so it is simply done once more
    }
  })
}

/** An index that may go at any time, and is not made anew. */
export const passingClient = ({ url, index }: ElasticOptions): ElasticClient =>
  clientOf(elasticCall(url), index, (work) => work())

/** One that is there already stays. */
export async function createIndex(call: ElasticCall, name: string, alias: string): Promise<void> {
  const text = JSON.stringify(indexLayout(alias))
  const { status, body } = await call('PUT', `/${encodeURIComponent(name)}`, text)
  if (status >= 300 && errorIn(body)?.type !== 'resource_already_exists_exception')
    throw faultOf(status, errorIn(body))
}

type WithIndex = <Result>(work: () => Promise<Result>) => Promise<Result>

function clientOf(call: ElasticCall, index: string, withIndex: WithIndex): ElasticClient {
  const alias = encodeURIComponent(index)
  const ask = async (path: string, text: string): Promise<unknown> => {
    const { status, body } = await call('POST', `/${alias}${path}`, text)
    if (status >= 300) throw faultOf(status, errorIn(body))
    return body
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

function requireNoFault(status: number, fault: Fault | undefined): void {
  if (fault) throw faultOf(status, fault)
}

/** Without the alias nothing is written: the server would make an index of its own making. */
function requireWritten(written: Written): void {
  const fault = errorIn(written)
  const isTold = written.status === 409 || (written.status === 404 && fault?.type !== missing)
  if (!isTold) requireNoFault(written.status, fault)
}
