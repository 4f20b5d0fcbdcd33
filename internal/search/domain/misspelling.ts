// Two words that differ in a letter or two are alike in what is left when those letters are missing. So each word of the
// catalogue is kept with the variants that have letters missing, and a misspelled word is looked up by its own variants
// (SymSpell's idea).

/** People misspell the beginnings of words as the rest; but the variants of whole long words would be hundreds. */
const comparedLetters = 7

/** Words of these lengths are looked up and kept. A number with another digit is another number. */
export const isWordOfLetters = (word: string): boolean => /^\p{L}[\p{L}\p{M}]{2,39}$/u.test(word)

/** How many mistakes people are allowed in a word. */
export function allowedMistakes(word: string): number {
  const length = Array.from(word).length
  if (length < 4) return 0
  return length < 8 ? 1 : 2
}

/** What is left of a word of the catalogue: someone may have written it with one letter less and then two mistakes. */
export const keptVariants = (word: string): readonly string[] =>
  variantsOf(word, Array.from(word).length < 6 ? 1 : 2)

/** What is left of a word that somebody looks for. */
export const soughtVariants = (word: string): readonly string[] => variantsOf(word, allowedMistakes(word))

/** The word's first letters without up to so many of them. */
function variantsOf(word: string, missing: number): readonly string[] {
  const whole = Array.from(word).slice(0, comparedLetters)
  const variants = new Set([whole.join('')])
  let last = [whole]
  for (let round = 0; round < missing; round++) {
    last = last.flatMap((letters) => letters.map((_, at) => letters.toSpliced(at, 1)))
    for (const letters of last) if (letters.length > 1) variants.add(letters.join(''))
  }
  return [...variants]
}

/**
 * How many letters have to be added, taken away, changed or swapped with their neighbour (optimal string alignment), or
 * Infinity when it is more than `most`.
 */
export function mistakesBetween(left: string, right: string, most: number): number {
  const [from, to] = [Array.from(left), Array.from(right)]
  if (Math.abs(from.length - to.length) > most) return Infinity
  let beforeLast: number[] = []
  let last = to.map((_, at) => at + 1)
  last.unshift(0)
  for (const [row, letter] of from.entries()) {
    const costs = [row + 1]
    for (const [column, other] of to.entries()) {
      const changed = (last[column] ?? 0) + (letter === other ? 0 : 1)
      let cost = Math.min(changed, (last[column + 1] ?? 0) + 1, (costs[column] ?? 0) + 1)
      const isSwapped = row > 0 && column > 0 && letter === to[column - 1] && from[row - 1] === other
      if (isSwapped) cost = Math.min(cost, (beforeLast[column - 1] ?? 0) + 1)
      costs.push(cost)
    }
    if (Math.min(...costs) > most) return Infinity
    beforeLast = last
    last = costs
  }
  const mistakes = last.at(-1) ?? 0
  return mistakes > most ? Infinity : mistakes
}

/** At most so many words stand for a misspelled one. */
const mostMeant = 5

/** Which of the candidates a misspelled word may stand for: those with the fewest mistakes. */
export function meantBy(word: string, candidates: readonly string[]): readonly string[] {
  const most = allowedMistakes(word)
  const rated = candidates
    .filter((candidate) => candidate !== word)
    .map((candidate) => ({ candidate, mistakes: mistakesBetween(word, candidate, most) }))
    .filter(({ mistakes }) => mistakes <= most)
  const fewest = Math.min(...rated.map(({ mistakes }) => mistakes))
  return rated
    .filter(({ mistakes }) => mistakes === fewest)
    .map(({ candidate }) => candidate)
    .toSorted()
    .slice(0, mostMeant)
}
