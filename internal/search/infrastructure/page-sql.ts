import { searchFold } from '../../platform/search-text.ts'
import type { Query } from '../domain/query.ts'
import { spacedWords, wordsOf } from '../domain/words.ts'
import type { AskedWord } from './asked-words.ts'
import { filterConditions, type Parameter } from './filter-sql.ts'
import { pageSql, type Statement } from './find-sql.ts'
import { beginnings, partOf } from './postgres-words.ts'
import { allOf, rankOf, wordConditions } from './word-sql.ts'

/** What ranks up to here is found by an index: the SKU or the name is what was typed, or begins so. */
const lastBegun = 3
/** All words are whole words of the name. */
const wholeWords = 4
/** Words of the name begin with all words. */
const lastStarted = 5
/** All words are parts of the name. */
const within = 6

/**
 * Where a page is looked for: what begins as it was typed; behind it the shortest names with all words as whole ones, or else all
 * names of which words begin so; behind them the shortest names that have the words within; and else everything. What is found
 * first is better than whatever is found later.
 */
export type Place = 'begun' | 'shortest' | 'started' | 'within' | 'everywhere'

/** So many of the shortest names are looked at for whole words, and for what is within others. */
const shortestNames = 2_000
const shortNames = 5_000

export function pageIn(place: Place, query: Query, words: readonly AskedWord[]): Statement {
  const values: unknown[] = []
  const parameter: Parameter = (value, type) => `$${values.push(value)}::${type}`
  const { always, own } = filterConditions(query, parameter)
  const filters = [...always, ...own.flatMap(({ conditions }) => conditions)]
  const hasWords = (): readonly string[] => allOf(words, 'p.folded', partOf, parameter)
  const ranked = (conditions: readonly string[], from = 'search.products'): string =>
    `select p.*, ${rankOf(query, words, parameter)} as rank from ${from} p where ${conditions.join(' and ') || 'true'}`
  const shortest = (count: number): string =>
    `(select * from search.products p where ${filters.join(' and ') || 'true'} order by name_size, id limit ${count})`
  const tables = {
    begun: () => ranked([...filters, ...hasWords(), begins(query, parameter)]),
    shortest: () => ranked(hasWords(), shortest(shortestNames)),
    started: () => ranked([...filters, ...isStarted(words, parameter)]),
    within: () => ranked(allOf(words, 'p.name_key', partOf, parameter), shortest(shortNames)),
    everywhere: () =>
      words.length === 0
        ? `select p.*, 0 as rank from search.products p where ${filters.join(' and ') || 'true'}`
        : ranked([...filters, ...wordConditions(words, parameter)]),
  }
  const ranks = {
    begun: [`rank <= ${lastBegun}`],
    shortest: [`rank = ${wholeWords}`],
    started: [`rank between ${wholeWords} and ${lastStarted}`],
    within: [`rank = ${within}`],
    everywhere: [],
  }
  return { text: pageSql(query, ranks[place], parameter, `(${tables[place]()}) ranked`), values }
}

/** The index has up to three characters of each beginning, and LIKE decides. */
function isStarted(words: readonly AskedWord[], parameter: Parameter): readonly string[] {
  const starts = words
    .map(({ term, synonyms }) => [term, ...synonyms].map((word) => startOf(word)))
    .filter((list) => !list.includes(''))
  return [
    ...starts.map((list) => `search.beginnings(p.name_words) && ${parameter(list, 'text[]')}`),
    ...allOf(words, 'p.name_words', beginnings, parameter),
  ]
}

/** Of its first word; blank where it has none. */
const startOf = (text: string): string =>
  Array.from(wordsOf(text)[0] ?? '')
    .slice(0, 3)
    .join('')

/** U+10FFFF comes after every other character. */
function begins({ text }: Query, parameter: Parameter): string {
  const folded = searchFold(text)
  return Object.entries({ sku_key: folded, name_words: spacedWords(folded).trimEnd() })
    .map(([column, start]) => {
      const from = parameter(start, 'text')
      return `(p.${column} >= ${from} and p.${column} < ${from} || U&'\\+10FFFF')`
    })
    .reduce((either, other) => `(${either} or ${other})`)
}
