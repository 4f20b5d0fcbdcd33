import { splitLogin } from '../../platform/address-login.ts'
import { bucketSql, markSql } from '../../platform/copy-digest.ts'
import { Refusal } from '../../platform/refusal.ts'
import { maxOffenders } from '../domain/invariant.ts'
import type { AuditCheck, Query } from './check.ts'
import { indexRule } from './search-sql.ts'

/** The Elasticsearch or OpenSearch that has the search index. */
export type IndexServer = {
  /** With the user and the password, if it wants one. */
  readonly url: string
  readonly index: string
}

/** How many products a bucket has (those whose ids end with the same byte), and what their marks add up to. */
type Digest = { readonly bucket: number; readonly count: number; readonly sum: string }

/**
 * Compares the index with the catalogue bucket by bucket, as the search service does. The index is read here, before any
 * snapshot: what has changed since is not judged.
 */
export async function indexServerCheck(server: IndexServer): Promise<AuditCheck> {
  const known = new Map((await readDigests(server)).map((digest) => [digest.bucket, digest]))
  return {
    names: [indexRule],
    needs: ['inventory'],
    async judge({ query }) {
      const rows = await readCatalogue(query)
      const wanted = new Map(rows.map((row) => [row.bucket, row]))
      const offenders = [...new Set([...known.keys(), ...wanted.keys()])]
        .filter((bucket) => wanted.get(bucket)?.is_fresh !== true)
        .flatMap((bucket) => complaint(bucket, known.get(bucket), wanted.get(bucket)))
      const checked = rows.reduce((sum, { count }) => sum + count, 0)
      const violations = offenders.length
      return [{ name: indexRule, checked, violations, offenders: offenders.slice(0, maxOffenders) }]
    },
  }
}

function complaint(bucket: number, known?: Digest, wanted?: Digest): readonly string[] {
  const [has, should] = [known?.count ?? 0, wanted?.count ?? 0]
  if (has === should && (known?.sum ?? '0') === (wanted?.sum ?? '0')) return []
  const products = `products whose ids end with ${bucket.toString(16).padStart(2, '0')}`
  return [
    has === should
      ? `the index has other versions of the ${should} ${products}`
      : `the index has ${has} ${products}, and there are ${should}`,
  ]
}

type CatalogueRow = Digest & { readonly is_fresh: boolean }

/** With the buckets in which something was changed or deleted in the last minute. */
const catalogueSql = `
  select ${bucketSql('id')} as bucket, (count(*) filter (where deleted_at is null))::int as count,
    coalesce(sum(${markSql(`id || ':' || version`)}) filter (where deleted_at is null), 0)::text as sum,
    bool_or(greatest(updated_at, deleted_at) > now() - interval '1 minute') as is_fresh
  from inventory.products group by 1`

const readCatalogue = (query: Query): Promise<CatalogueRow[]> => query<CatalogueRow>(catalogueSql)

const patienceMs = 30_000

async function readDigests({ url, index }: IndexServer): Promise<readonly Digest[]> {
  const { base, headers } = splitLogin(url)
  const body = JSON.stringify({
    ...{ size: 0, query: { term: { kind: 'product' } } },
    aggs: {
      buckets: { terms: { field: 'bucket', size: 256 }, aggs: { sum: { sum: { field: 'mark' } } } },
    },
  })
  const answer = await fetch(`${base}/${encodeURIComponent(index)}/_search`, {
    ...{ method: 'POST', body, headers: { ...headers, 'content-type': 'application/json' } },
    ...{ signal: AbortSignal.timeout(patienceMs), redirect: 'error' },
  }).catch(() => undefined)
  // An index that is not there has nothing.
  if (answer?.status === 404) return []
  if (answer?.status !== 200)
    throw new Refusal(
      'unavailable',
      'search.index-unavailable',
      'the search index is out of reach; try again',
    )
  const { aggregations } = (await answer.json()) as Answer
  return aggregations.buckets.buckets.map(({ key, doc_count, sum }) => {
    return { bucket: key, count: doc_count, sum: String(BigInt(sum.value)) }
  })
}

type Answer = {
  readonly aggregations: {
    readonly buckets: {
      readonly buckets: readonly {
        readonly key: number
        readonly doc_count: number
        readonly sum: { readonly value: number }
      }[]
    }
  }
}
