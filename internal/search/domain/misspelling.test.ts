import fc from 'fast-check'
import t from 'tap'
import { allowedMistakes, keptVariants, meantBy, mistakesBetween, soughtVariants } from './misspelling.ts'

t.test('counts letters that are added, missing, other or swapped', async (t) => {
  const counts: readonly (readonly [string, string, number])[] = [
    ['lamp', 'lamp', 0],
    ['lamp', 'lam', 1],
    ['lamp', 'clamp', 1],
    ['lamp', 'lump', 1],
    ['lamp', 'lapm', 1],
    ['lamp', 'alpm', 2],
    ['lamp', 'lid', Infinity],
    ['', 'ab', 2],
    ['🎁a', 'a', 1],
  ]
  for (const [from, to, count] of counts) t.equal(mistakesBetween(from, to, 2), count, `${from} ${to}`)
})

const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'd', 'e'), minLength: 4, maxLength: 12 })

/** One or two mistakes, each at any place. */
const mistake = fc.tuple(
  fc.constantFrom('add', 'drop', 'change', 'swap'),
  fc.nat(),
  fc.constantFrom('a', 'b', 'c', 'd', 'e'),
)

function spoil(text: string, [kind, at, letter]: readonly [string, number, string]): string {
  const letters = Array.from(text)
  const place = at % letters.length
  if (kind === 'add') letters.splice(place, 0, letter)
  if (kind === 'drop') letters.splice(place, 1)
  if (kind === 'change') letters.splice(place, 1, letter)
  if (kind === 'swap') letters.splice(place, 2, ...letters.slice(place, place + 2).toReversed())
  return letters.join('')
}

t.test('a word with so many mistakes as are allowed shares a variant with the right one', async () => {
  fc.assert(
    fc.property(word, fc.array(mistake, { minLength: 1, maxLength: 2 }), (right, mistakes) => {
      const wrong = mistakes.reduce(spoil, right)
      const allowed = allowedMistakes(wrong)
      fc.pre(mistakesBetween(wrong, right, allowed) <= allowed)
      const kept = new Set(keptVariants(right))
      return soughtVariants(wrong).some((variant) => kept.has(variant))
    }),
    { numRuns: 3_000 },
  )
})

t.test('a misspelled word stands for those with the fewest mistakes', async (t) => {
  t.strictSame(meantBy('umbrela', ['umbrella', 'umbra', 'umbrelas']), ['umbrelas', 'umbrella'])
  t.strictSame(meantBy('chandelirs', ['chandelier', 'chandeliers']), ['chandeliers'])
  t.strictSame(meantBy('cup', ['cap']), [], 'a short word is what it is')
  t.strictSame(meantBy('lamp', ['lamp', 'lump']), ['lump'], 'it stands for itself anyway')
  const many = Array.from('abcdefgh', (letter) => `lam${letter}`)
  t.equal(meantBy('lamz', many).length, 5)
})
