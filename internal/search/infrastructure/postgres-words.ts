import type { Sql } from '../../platform/database.ts'
import { soughtVariants } from '../domain/misspelling.ts'
import { longestGrams, wordsOf } from '../domain/words.ts'
import { mostCandidates, type AskedWord, type CandidatesFor } from './asked-words.ts'

type Candidates = { readonly term: string; readonly words: string[] }

export const postgresCandidates =
  (sql: Sql): CandidatesFor =>
  async (terms, reading) => {
    const asked = terms.map((term) => ({ term, variants: soughtVariants(term) }))
    const rows = await sql.$queryRawUnsafe<Candidates[]>(
      candidatesSql,
      JSON.stringify(asked),
      reading === 'meant',
    )
    return new Map(rows.map(({ term, words }) => [term, words]))
  }

/** U+10FFFF comes after every other character. */
const candidatesSql = `
  select term, array(select w.word from search.words w where w.variants && asked.variants limit ${mostCandidates}) as words
  from jsonb_to_recordset($1::jsonb) as asked (term text, variants text[])
  where $2::boolean or not exists (
    select from search.words w
    where w.word >= asked.term collate "C" and w.word < (asked.term || U&'\\+10FFFF') collate "C")`

/** What is asked of the index of runs: `'mug' | 'cup'` for each word. Each run is quoted, so that it is no operator. */
export function gramQuery(words: readonly AskedWord[]): string {
  return words
    .map(({ term, synonyms, meant }) => {
      const each = [term, ...synonyms, ...meant].map((word) => {
        const grams = new Set(word.split(' ').flatMap(longestGrams))
        return [...grams].map(quoted).join(' & ')
      })
      return each.length === 1 ? (each[0] ?? '') : `(${each.map((one) => `(${one})`).join(' | ')})`
    })
    .join(' & ')
}

const quoted = (gram: string): string => `'${gram.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`

/** A pattern of LIKE, in which nothing of the text stands for anything else. */
export const escaped = (text: string): string => text.replace(/[\\%_]/g, '\\$&')

export const partOf = (text: string): string => `%${escaped(text)}%`

/** As whole words of `name_words`, or as the beginnings of words. */
export const wholeWords = (text: string): string => `% ${escaped(wordsOf(text).join(' '))} %`
export const beginnings = (text: string): string => `% ${escaped(wordsOf(text).join(' '))}%`
