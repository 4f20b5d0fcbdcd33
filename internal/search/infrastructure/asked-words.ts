import { searchTerms } from '../../platform/search-text.ts'
import { isWordOfLetters, meantBy } from '../domain/misspelling.ts'
import type { Synonyms } from '../domain/synonyms.ts'
import { wordsOf } from '../domain/words.ts'

/** A word of a search. */
export type AskedWord = {
  readonly term: string
  /** Others that mean the same. */
  readonly synonyms: readonly string[]
  /** What it may have been meant to be, when no word of the catalogue begins like it. */
  readonly meant: readonly string[]
}

/** Later words of a longer search are not looked up; parts of other words are still found by them. */
const mostLookedUp = 12

/**
 * How words are taken. `written`: as they are, and only a word that begins no word of the catalogue may stand for others.
 * `meant`: compounds are taken apart, and each word may stand for others. That is for searches that find nothing else.
 */
export type Reading = 'written' | 'meant'

/**
 * For each word, those of the catalogue that have a variant in common with it. For a word as it is written there are none when a
 * word of the catalogue begins like it.
 */
export type CandidatesFor = (
  terms: readonly string[],
  reading: Reading,
) => Promise<ReadonlyMap<string, readonly string[]>>

/** So many words are looked at, of those that a word may stand for. */
export const mostCandidates = 500

/** The words of a search, with those of the catalogue that may be meant by them. */
export async function askedWords(
  candidatesFor: CandidatesFor,
  text: string,
  synonyms: Synonyms,
  reading: Reading,
): Promise<readonly AskedWord[]> {
  const written = searchTerms(text)
  const terms = [...new Set(reading === 'written' ? written : written.flatMap(apart))]
  const sought = terms.filter((term) => isWordOfLetters(term) && !synonyms.has(term)).slice(0, mostLookedUp)
  const candidates = sought.length > 0 ? await candidatesFor(sought, reading) : new Map<string, string[]>()
  return terms.map((term) => ({
    term,
    synonyms: synonyms.get(term) ?? [],
    meant: meantBy(term, candidates.get(term) ?? []),
  }))
}

/** What has parts of a single letter stays whole: they are a part of nearly everything. */
function apart(term: string): readonly string[] {
  const words = wordsOf(term)
  return words.length > 0 && words.every((word) => word.length > 1) ? words : [term]
}
