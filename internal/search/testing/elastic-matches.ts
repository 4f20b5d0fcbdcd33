import { runsOf, type Mapping, type Term } from './elastic-mapping.ts'
import {
  expect,
  knownIn,
  listIn,
  notUnderstood,
  objectIn,
  onlyEntry,
  textIn,
  type Json,
} from './elastic-strict.ts'

/** Whether a document matches. */
export type Matches = (document: Json) => boolean

/** A query that only tells what matches, in the words of the query language that our adapter uses. */
export function matchesOf(query: unknown, mapping: Mapping): Matches {
  const [kind, body] = onlyEntry(query, 'query')
  const read = kinds[kind]
  if (!read) throw notUnderstood(`unknown query [${kind}]`)
  return read(body, mapping)
}

const kinds: Readonly<Record<string, (body: unknown, mapping: Mapping) => Matches>> = {
  match_all(body) {
    knownIn(body, 'match_all', [])
    return () => true
  },
  bool(body, mapping) {
    const known = knownIn(body, 'bool', ['filter', 'should', 'minimum_should_match'])
    const filter = listIn(known.filter ?? [], 'filter').map((each) => matchesOf(each, mapping))
    const should = listIn(known.should ?? [], 'should').map((each) => matchesOf(each, mapping))
    expect(should.length === 0 || known.minimum_should_match === 1, 'should without a minimum is no filter')
    return (document) =>
      filter.every((matches) => matches(document)) &&
      (should.length === 0 || should.some((matches) => matches(document)))
  },
  term(body, mapping) {
    const [field, value] = onlyEntry(body, 'term')
    return hasOneOf(field, [value], mapping)
  },
  terms(body, mapping) {
    const [field, values] = onlyEntry(body, 'terms')
    return hasOneOf(field, listIn(values, 'terms'), mapping)
  },
  prefix(body, mapping) {
    const [field, value] = onlyEntry(body, 'prefix')
    expect(mapping.fieldAt(field).type === 'keyword', 'prefixes are of keywords')
    const prefix = String(value)
    return (document) => mapping.termsOf(document, field).some((term) => String(term).startsWith(prefix))
  },
  range(body, mapping) {
    const [field, bounds] = onlyEntry(body, 'range')
    const { gte, lte } = knownIn(bounds, 'range', ['gte', 'lte'])
    return (document) =>
      mapping
        .termsOf(document, field)
        .some(
          (term) =>
            (gte === undefined || BigInt(String(term)) >= BigInt(textIn(gte, 'gte'))) &&
            (lte === undefined || BigInt(String(term)) <= BigInt(textIn(lte, 'lte'))),
        )
  },
  match_phrase(body, mapping) {
    const [field, text] = onlyEntry(body, 'match_phrase')
    const { type, run } = mapping.fieldAt(field)
    expect(type === 'text', 'phrases are of texts')
    const phrase = runsOf(String(text), run)
    // A phrase of which the analyzer leaves nothing matches nothing.
    return (document) => phrase.length > 0 && hasPhrase(mapping.termsOf(document, field), phrase)
  },
}

/** A term is compared as it is, also with the runs of a text. */
function hasOneOf(field: string, values: readonly unknown[], mapping: Mapping): Matches {
  const { type } = mapping.fieldAt(field)
  const wanted = new Set(values.map((value) => (type === 'boolean' ? value : String(value))))
  return (document) =>
    mapping.termsOf(document, field).some((term) => wanted.has(type === 'boolean' ? term : String(term)))
}

const hasPhrase = (terms: readonly Term[], phrase: readonly string[]): boolean =>
  terms.some((_, at) => phrase.every((each, place) => terms[at + place] === each))

export type Scored = { readonly matches: Matches; readonly scoreOf: (document: Json) => number }

/** At the top there may be a query with scores: that of the first function whose filter matches. */
export function scoredBy(query: unknown, mapping: Mapping): Scored {
  const [kind, body] = onlyEntry(query, 'query')
  if (kind !== 'function_score') return { matches: matchesOf(query, mapping), scoreOf: () => 0 }
  const known = knownIn(body, kind, ['query', 'functions', 'score_mode', 'boost_mode'])
  expect(known.score_mode === 'first' && known.boost_mode === 'replace', 'scores are not mixed')
  const functions = listIn(known.functions, 'functions').map((each) => {
    const { filter, weight } = knownIn(each, 'function', ['filter', 'weight'])
    expect(typeof weight === 'number' && weight > 0, 'a weight is a number')
    return { matches: matchesOf(filter, mapping), weight: Math.fround(Number(weight)) }
  })
  return {
    matches: matchesOf(objectIn(known.query, 'query'), mapping),
    scoreOf: (document) => functions.find(({ matches }) => matches(document))?.weight ?? 1,
  }
}
