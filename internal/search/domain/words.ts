/** The words of a folded text: its runs of letters and digits. */
export const wordsOf = (folded: string): readonly string[] => folded.match(/[\p{L}\p{N}\p{M}]+/gu) ?? []

/** A text's words with a blank on either side of each, so that a whole word and the beginning of one can be found in it. */
export function spacedWords(folded: string): string {
  const words = wordsOf(folded)
  return words.length === 0 ? ' ' : ` ${words.join(' ')} `
}

/** The index has each run of one, two and three characters of each word, so it has such a word as it is. */
export const isRun = (word: string): boolean => Array.from(word).length <= 3

/** The longest of those runs that a word has. A text without all of them does not have the word. */
export function longestGrams(word: string): readonly string[] {
  if (isRun(word)) return [word]
  const letters = Array.from(word)
  return letters.slice(2).map((_, at) => letters.slice(at, at + 3).join(''))
}
