import { categoryKey } from '../../../platform/category-path.ts'
import { partsOf } from '../../../platform/message-size.ts'
import type { SearchIndex } from '../../application/search-index.ts'
import type { Document, ProductId } from '../../domain/document.ts'
import type { Synonyms } from '../../domain/synonyms.ts'
import { wordColumns } from '../document-columns.ts'
import { elasticFind } from './elastic-find.ts'
import type { ElasticClient, Hit, Write } from './elastic-client.ts'
import { allOf, ofKind, type Json } from './index-layout.ts'
import { sourceOf } from './product-source.ts'

/** Of small changes, so many go into one request; and so many documents come in one answer. */
const atOnce = 5_000

/** The index in Elasticsearch or OpenSearch. */
export function elasticIndex(client: ElasticClient, synonyms: Synonyms): SearchIndex {
  return {
    async put(documents, replaces) {
      await putWords(client, documents)
      if (replaces === 'always') await client.write(documents.map(indexing))
      else await putNewer(client, documents)
    },
    async remove(ids) {
      await client.write(ids.map((id) => [{ delete: { _id: id } }]))
    },
    find: elasticFind(client, synonyms),
    async digest() {
      const sum = { sum: { sum: { field: 'mark' } } }
      const { aggregations } = await client.search({
        ...{ size: 0, query: ofKind('product') },
        aggs: { buckets: { terms: { field: 'bucket', size: 256 }, aggs: sum } },
      })
      const { buckets } = aggregations?.buckets as { readonly buckets: readonly Digested[] }
      // 32 bits each: a double is exact up to two million products in a bucket.
      return buckets.map((each) => ({
        bucket: each.key,
        count: each.doc_count,
        sum: BigInt(each.sum.value),
      }))
    },
    async versionsIn(buckets) {
      const versions = new Map<ProductId, number>()
      const query = allOf([ofKind('product'), { terms: { bucket: buckets } }])
      for await (const { _id, _source } of allHits(client, query, ['told_version']))
        versions.set(_id as ProductId, Number(_source?.told_version))
      return versions
    },
    setCategories: async (categories) => setCategories(client, categories),
    setSoldOut: async (ids) => setSoldOut(client, ids),
  }
}

type Digested = {
  readonly key: number
  readonly doc_count: number
  readonly sum: { readonly value: number }
}

const indexing = (document: Document): Write => [{ index: { _id: document.id } }, sourceOf(document)]

/** A word that is there was made of the same letters, so that it is there already is fine. */
async function putWords(client: ElasticClient, documents: readonly Document[]): Promise<void> {
  const words = wordColumns(documents).map(({ word, variants }): Write => [
    { create: { _id: `word:${word}` } },
    { kind: 'word', word, variants },
  ])
  for (const part of partsOf(words, atOnce, () => 1)) await client.write(part)
}

/** Whoever else has stored one of them meanwhile is looked at again. */
async function putNewer(client: ElasticClient, documents: readonly Document[]): Promise<void> {
  for (let rest = documents; rest.length > 0;) {
    const ids = rest.map(({ id }) => id)
    const stored = new Map((await client.read(ids, ['version'])).map((each) => [each._id, each]))
    const writes = rest.flatMap((document): Write[] => {
      const old = stored.get(document.id)
      if (!old?.found) return [[{ create: { _id: document.id } }, sourceOf(document)]]
      if (Number(old._source?.version) >= document.version) return []
      const unchanged = { if_seq_no: old._seq_no, if_primary_term: old._primary_term }
      return [[{ index: { _id: document.id, ...unchanged } }, sourceOf(document)]]
    })
    const written = writes.length > 0 ? await client.write(writes) : []
    const lost = new Set(written.filter(({ status }) => status === 409).map(({ _id }) => _id))
    rest = rest.filter(({ id }) => lost.has(id))
  }
}

type Categories = Parameters<SearchIndex['setCategories']>[0]

async function setCategories(client: ElasticClient, categories: Categories): Promise<void> {
  const stored = new Map<string, Json | undefined>()
  for await (const { _id, _source } of allHits(client, ofKind('category'), ['version', 'path']))
    stored.set(_id, _source)
  const writes: Write[] = []
  for (const { id, version, path } of categories) {
    const _id = `category:${id}`
    const old = stored.get(_id)
    stored.delete(_id)
    if (old?.version === version && old.path === path) continue
    const source = { kind: 'category', id, version, path, path_key: categoryKey(path) }
    writes.push([{ index: { _id } }, source])
  }
  for (const _id of stored.keys()) writes.push([{ delete: { _id } }])
  for (const part of partsOf(writes, atOnce, () => 1)) await client.write(part)
}

/** Products that are gone meanwhile, or that somebody else has changed so, are not counted. */
async function setSoldOut(client: ElasticClient, ids: readonly ProductId[]): Promise<number> {
  const wanted = new Set<string>(ids)
  const changes: Write[] = []
  const query = allOf([ofKind('product'), { term: { is_sold_out: true } }])
  for await (const { _id } of allHits(client, query, [])) {
    if (!wanted.delete(_id)) changes.push(soldOut(_id, false))
  }
  for (const id of wanted) changes.push(soldOut(id, true))
  let changed = 0
  for (const part of partsOf(changes, atOnce, () => 1)) {
    const written = await client.write(part)
    changed += written.filter(({ result }) => result === 'updated').length
  }
  return changed
}

const soldOut = (_id: string, isSoldOut: boolean): Write => [
  { update: { _id, retry_on_conflict: 3 } },
  { doc: { is_sold_out: isSoldOut } },
]

/** All documents that fit, in the order of their ids. */
async function* allHits(client: ElasticClient, query: Json, fields: readonly string[]): AsyncGenerator<Hit> {
  let after: readonly unknown[] | undefined
  do {
    const { hits } = await client.search({
      ...{
        size: atOnce,
        query,
        sort: [{ id: 'asc' }],
        _source: fields.length > 0 && fields,
        track_total_hits: false,
      },
      ...(after && { search_after: after }),
    })
    yield* hits.hits
    after = hits.hits.length < atOnce ? undefined : hits.hits.at(-1)?.sort
  } while (after)
}
