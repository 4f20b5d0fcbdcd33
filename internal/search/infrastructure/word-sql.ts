import { searchFold } from '../../platform/search-text.ts'
import type { Query } from '../domain/query.ts'
import { isRun, spacedWords } from '../domain/words.ts'
import type { AskedWord } from './asked-words.ts'
import type { Parameter } from './filter-sql.ts'
import { beginnings, escaped, gramQuery, partOf, wholeWords } from './postgres-words.ts'

/**
 * Each word, or what stands for it, is a part of the text. The index of runs narrows that down, and LIKE decides. A word that
 * is a run itself needs no LIKE.
 */
export function wordConditions(words: readonly AskedWord[], parameter: Parameter): readonly string[] {
  if (words.length === 0) return []
  const long = words.filter(
    ({ term, synonyms, meant }) => synonyms.length > 0 || meant.length > 0 || !isRun(term),
  )
  return [
    `search.grams(p.folded) @@ ${parameter(gramQuery(words), 'tsquery')}`,
    ...allOf(long, 'p.folded', partOf, parameter),
  ]
}

/** Conditions for each word to be in a column. Words without others that stand for them share one. */
export function allOf(
  words: readonly AskedWord[],
  column: string,
  pattern: (word: string) => string,
  parameter: Parameter,
): readonly string[] {
  const lists = words.map(({ term, synonyms, meant }) => [term, ...synonyms, ...meant].map(pattern))
  const alone = lists.flatMap((list) => (list.length === 1 ? list : []))
  return [
    ...(alone.length > 0 ? [`${column} like all (${parameter(alone, 'text[]')})`] : []),
    ...lists
      .filter(({ length }) => length > 1)
      .map((list) => `${column} like any (${parameter(list, 'text[]')})`),
  ]
}

/**
 * How well a product fits, 0 the best: the SKU itself, the name itself, the beginning of either, whole words of the name,
 * beginnings of its words, parts of them, and then everything else. What has a word only in another spelling comes last.
 */
export function rankOf({ text, sort }: Query, words: readonly AskedWord[], parameter: Parameter): string {
  if (sort !== 'relevance') return '0'
  const folded = searchFold(text)
  const key = parameter(folded, 'text')
  const isAll = (pattern: (word: string) => string, column: string): string =>
    allOf(words, column, pattern, parameter).join(' and ')
  const spelled = words.filter(({ meant }) => meant.length > 0).map((word) => ({ ...word, meant: [] }))
  const isMisspelled =
    spelled.length === 0
      ? '0'
      : `case when ${allOf(spelled, 'p.folded', partOf, parameter).join(' and ')} then 0 else 10 end`
  return `case
      when p.sku_key = ${key} then 0
      when p.name_key = ${key} then 1
      when p.sku_key like ${parameter(`${escaped(folded)}%`, 'text')} then 2
      when p.name_words like ${parameter(`${escaped(spacedWords(folded).trimEnd())}%`, 'text')} then 3
      when ${isAll(wholeWords, 'p.name_words')} then 4
      when ${isAll(beginnings, 'p.name_words')} then 5
      when ${isAll(partOf, 'p.name_key')} then 6
      when ${isAll(partOf, "p.name_key || ' ' || p.sku_key")} then 7
      else 8 end + ${isMisspelled}`
}
