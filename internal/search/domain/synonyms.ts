import { searchFold } from '../../platform/search-text.ts'

/** For each word, in the fold of searches, the other words that mean the same. */
export type Synonyms = ReadonlyMap<string, readonly string[]>

/** Words with `=` between them mean the same; groups have `;` between them: `mug=cup; sofa=couch=settee`. */
export function parseSynonyms(text: string): Synonyms {
  const synonyms = new Map<string, string[]>()
  for (const group of text.split(';')) {
    const words = group
      .split('=')
      .map((word) => searchFold(word))
      .filter(Boolean)
    for (const word of words) {
      const others = words.filter((other) => other !== word)
      synonyms.set(word, [...new Set([...(synonyms.get(word) ?? []), ...others])])
    }
  }
  return synonyms
}
