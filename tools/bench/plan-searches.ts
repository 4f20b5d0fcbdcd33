import type { Options } from './options.ts'
import type { PlannedRun } from './plan.ts'

/** What people type, by what the names of tools/shared/seed.ts have of it. `n` is the number of a product. */
const kinds: readonly (readonly [name: string, text: (n: number) => string])[] = [
  ['a SKU', (n) => `BENCH-${String(n).padStart(7, '0')}`],
  ['two words of one name in 200', (n) => pairs[n % pairs.length] ?? ''],
  ['a misspelled word', (n) => misspelled[n % misspelled.length] ?? ''],
  ['a word of one name in 20', (n) => nouns[n % nouns.length] ?? ''],
  ['a letter that nearly all have', (n) => letters[n % letters.length] ?? ''],
  ['a part of words that a third have', () => 'ket'],
  ['a word that all have', () => 'no'],
]

const nouns = ['mug', 'kettle', 'lamp', 'lantern', 'blanket', 'notebook']
const pairs = ['copper lamp', 'linen blan', 'paper print', 'brass clo', 'cotton rug']
const misspelled = ['ketle', 'lantren', 'blankit', 'notebok', 'candel']
const letters = ['e', 'n', 'o']

/** Each search is another one by a filter that leaves nothing out, so that the gateway keeps no answer. */
const differentSearches = 20_000

/**
 * Searches over many products, of which none is answered twice; and the same with counts by category and price, and a list
 * without words with them.
 */
export function searchRuns(scenario: 'search' | 'facets', options: Options): readonly PlannedRun[] {
  const facets = scenario === 'facets' ? '&facets=category,price' : ''
  const asked = [...kinds, ...(scenario === 'facets' ? ([['no words', () => '']] as const) : [])]
  const { users, seconds, warmupSeconds, searchProducts } = options
  const shared = { seconds: seconds / asked.length, warmupSeconds: warmupSeconds / asked.length }
  return asked.map(([name, text]) => ({
    ...{ scenario, name, serves: 'shop', per: 'request', isAudited: false },
    work: ({ url }) => ({
      ...{ kind: 'reads', url, users, ...shared },
      requests: Array.from({ length: differentSearches }, (_, n) => {
        const words = text(1 + (n % searchProducts))
        const query = words === '' ? '' : `&q=${encodeURIComponent(words)}`
        return { path: `/products?limit=20&maxPrice=${1_000_000 + n}${query}${facets}` }
      }),
    }),
  }))
}
