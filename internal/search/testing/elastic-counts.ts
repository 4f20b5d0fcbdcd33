import type { Mapping, Term } from './elastic-mapping.ts'
import { matchesOf } from './elastic-matches.ts'
import {
  compareBytes,
  expect,
  knownIn,
  listIn,
  notUnderstood,
  objectIn,
  textIn,
  type Json,
} from './elastic-strict.ts'

/** The aggregations that our adapter asks for, over the documents that match. */
export function countsOf(aggs: unknown, documents: readonly Json[], mapping: Mapping): Json {
  return Object.fromEntries(
    Object.entries(objectIn(aggs, 'aggs')).map(([name, each]) => [name, countOf(each, documents, mapping)]),
  )
}

function countOf(agg: unknown, documents: readonly Json[], mapping: Mapping): Json {
  const { aggs = {}, ...own } = objectIn(agg, 'agg')
  const [entry, ...more] = Object.entries(own)
  const count = entry && kinds[entry[0]]
  if (!count || more.length > 0) throw notUnderstood(`unknown aggregation [${Object.keys(own).join(', ')}]`)
  return count(entry[1], documents, mapping, (some) => countsOf(aggs, some, mapping))
}

type Inner = (documents: readonly Json[]) => Json

const kinds: Readonly<
  Record<string, (body: unknown, documents: readonly Json[], mapping: Mapping, inner: Inner) => Json>
> = {
  filter(body, documents, mapping, inner) {
    const kept = documents.filter(matchesOf(body, mapping))
    return { doc_count: kept.length, ...inner(kept) }
  },
  sum(body, documents, mapping) {
    const { field } = knownIn(body, 'sum', ['field'])
    const values = documents.flatMap((document) => mapping.termsOf(document, String(field)))
    return { value: values.reduce<number>((sum, value) => sum + Number(value), 0) }
  },
  terms(body, documents, mapping, inner) {
    const { field, size, include } = knownIn(body, 'terms', ['field', 'size', 'include'])
    expect(typeof size === 'number' && size > 0, '[size] must be positive')
    expect(mapping.fieldAt(String(field)).type !== 'text', 'fielddata is disabled on text fields')
    const pattern =
      include === undefined ? undefined : new RegExp(`^(?:${textIn(include, 'include')})$`, 'su')
    const groups = new Map<Term, Json[]>()
    for (const document of documents)
      for (const term of new Set(mapping.termsOf(document, String(field)))) {
        if (pattern && !pattern.test(String(term))) continue
        groups.set(term, [...(groups.get(term) ?? []), document])
      }
    const buckets = [...groups]
      .toSorted(
        ([oneKey, one], [otherKey, other]) =>
          other.length - one.length || compareBytes(String(oneKey), String(otherKey)),
      )
      .slice(0, Number(size))
    return {
      buckets: buckets.map(([key, some]) => ({ key, doc_count: some.length, ...inner(some) })),
    }
  },
  range(body, documents, mapping) {
    const { field, ranges } = knownIn(body, 'range', ['field', 'ranges'])
    const values = documents.flatMap((document) => mapping.termsOf(document, String(field))).map(Number)
    return {
      buckets: listIn(ranges, 'ranges').map((each) => {
        const { key, from = -Infinity, to = Infinity } = knownIn(each, 'range', ['key', 'from', 'to'])
        const isIn = (value: number): boolean => value >= Number(from) && value < Number(to)
        return { key, doc_count: values.filter(isIn).length }
      }),
    }
  },
}
