import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { aliasesAt, changeAliases } from './elastic-aliases.ts'
import { chosenOf, mappingOf } from './elastic-mapping.ts'
import { searchIn } from './elastic-search.ts'
import { expect, knownIn, listIn, notUnderstood, Refused, type Json } from './elastic-strict.ts'
import { primaryTerm, writeAll, type Store } from './elastic-writes.ts'

export type ElasticServer = {
  readonly url: string
  /** The methods and paths of all calls. */
  readonly calls: readonly string[]
  /** Their names. */
  readonly indexes: () => readonly string[]
  /** Removes all indexes, as somebody might by hand. */
  readonly drop: () => void
  /** From now on each call is answered with this status, until it is told to be well again. */
  readonly failWith: (status: number | undefined) => void
  readonly close: () => Promise<void>
}

type Index = Store & {
  aliases: readonly string[]
  /** What searches see: the documents as of the last refresh. */
  searchable: ReadonlyMap<string, Json>
}

/**
 * Stands in for Elasticsearch and OpenSearch: an HTTP server that understands exactly the calls that our adapter makes, in
 * memory. Searches see what was refreshed, as there.
 */
export async function openElastic(user = ''): Promise<ElasticServer> {
  const indexes = new Map<string, Index>()
  const calls: string[] = []
  let failure: number | undefined
  const authorization = user && `Basic ${Buffer.from(user).toString('base64')}`

  const answer = async (request: IncomingMessage): Promise<readonly [status: number, body: unknown]> => {
    const text = await textOf(request)
    calls.push(`${request.method} ${request.url}`)
    if (failure !== undefined) return [failure, 'not even JSON']
    try {
      if ((request.headers.authorization ?? '') !== authorization)
        throw new Refused(401, 'security_exception', 'missing authentication credentials')
      expect(request.headers['content-type'] === 'application/json', 'Content-Type header is not supported')
      return [200, handle(`${request.method} ${request.url}`, text, indexes)]
    } catch (err) {
      if (!(err instanceof Refused)) throw err
      return [err.status, { error: { type: err.type, reason: err.message }, status: err.status }]
    }
  }
  const server = createServer((request, response) => {
    void answer(request)
      .catch((err: unknown): readonly [number, unknown] => [
        400,
        { error: { type: 'bug', reason: String(err) } },
      ])
      .then(([status, body]) => {
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
      })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://${user && `${user}@`}127.0.0.1:${port}`,
    calls,
    indexes: () => [...indexes.keys()],
    drop: () => indexes.clear(),
    failWith: (status) => (failure = status),
    async close() {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}

const linesIn = (text: string): readonly unknown[] => {
  expect(text.endsWith('\n'), 'The bulk request must be terminated by a newline')
  return text.split('\n').slice(0, -1).map(jsonIn)
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw notUnderstood('it is no JSON')
  }
}

function handle(call: string, text: string, indexes: Map<string, Index>): unknown {
  const [, created] = /^PUT \/([^/?_]+)$/.exec(call) ?? []
  if (created !== undefined) return create(decodeURIComponent(created), jsonIn(text), indexes)
  const [, asked] = /^GET \/_alias\/([^/?]+)$/.exec(call) ?? []
  if (asked !== undefined) return aliasesAt(decodeURIComponent(asked), indexes)
  if (call === 'POST /_aliases') return changeAliases(jsonIn(text), indexes)
  const [, alias = '', path = ''] = /^POST \/([^/?]+)\/(.+)$/.exec(call) ?? []
  const index = [...indexes.values()].find(({ aliases }) => aliases.includes(decodeURIComponent(alias)))
  if (path === '_search') return searchIn(jsonIn(text), there(index).searchable, there(index).mapping)
  if (path === '_msearch') return { responses: searchEach(linesIn(text), index) }
  if (path === '_bulk?refresh=true&require_alias=true') return bulk(linesIn(text), index)
  const [, fields] = /^_mget\?_source=([a-z_,]+)$/.exec(path) ?? []
  if (fields !== undefined) return read(jsonIn(text), fields.split(','), index)
  throw new Refused(400, 'illegal_argument_exception', `no handler found for [${call}]`)
}

function create(name: string, body: unknown, indexes: Map<string, Index>): Json {
  if (indexes.has(name)) throw new Refused(400, 'resource_already_exists_exception', `[${name}] exists`)
  const { aliases, ...mapping } = mappingOf(body)
  indexes.set(name, { mapping, aliases, documents: new Map(), seqNo: -1, searchable: new Map() })
  return { acknowledged: true }
}

function there(index: Index | undefined): Index {
  if (index) return index
  throw new Refused(404, 'index_not_found_exception', 'no such index')
}

/** Lines in pairs: an empty header, and a search. Each has its own answer. */
function searchEach(lines: readonly unknown[], index: Index | undefined): readonly Json[] {
  const bodies = lines.filter((_, place) => place % 2 === 1)
  for (const [place, line] of lines.entries()) if (place % 2 === 0) knownIn(line, 'header', [])
  return bodies.map((body) => {
    try {
      return { ...searchIn(body, there(index).searchable, there(index).mapping), status: 200 }
    } catch (err) {
      if (!(err instanceof Refused)) throw err
      return { error: { type: err.type, reason: err.message }, status: err.status }
    }
  })
}

function bulk(lines: readonly unknown[], index: Index | undefined): Json {
  expect(lines.length > 0, 'no requests added')
  const items = writeAll(lines, index)
  if (index)
    index.searchable = new Map([...index.documents].map(([id, { source }]): [string, Json] => [id, source]))
  return { errors: items.some((item) => 'error' in (Object.values(item)[0] as object)), items }
}

/** As it was written, whether it is refreshed or not. */
function read(body: unknown, fields: readonly string[], index: Index | undefined): Json {
  const ids = listIn(knownIn(body, 'mget', ['ids']).ids, 'ids').map(String)
  expect(ids.length > 0, 'no documents to get')
  return {
    docs: ids.map((_id) => {
      if (!index) return { _id, error: { type: 'index_not_found_exception', reason: 'no such index' } }
      const stored = index.documents.get(_id)
      if (!stored) return { _id, found: false }
      const place = { _seq_no: stored.seqNo, _primary_term: primaryTerm }
      return { _id, found: true, ...place, _source: chosenOf(stored.source, fields) }
    }),
  }
}
