import t from 'tap'
import { differingBuckets } from './document.ts'
import { bandAt, bandOf, bandStarts } from './price-bands.ts'
import { createQuery } from './query.ts'
import { parseSynonyms } from './synonyms.ts'
import { longestGrams, spacedWords } from './words.ts'

const good = {
  text: 'lamp',
  filter: {},
  sort: 'relevance',
  limit: 20,
  after: undefined,
  facets: [],
  byFamily: false,
}

t.test('what is no search is refused', async (t) => {
  for (const [wrong, parameter] of [
    [{ limit: 0 }, 'limit'],
    [{ limit: 101 }, 'limit'],
    [{ limit: 1.5 }, 'limit'],
    [{ sort: 'best' }, 'sort'],
    [{ facets: ['colour'] }, 'facets'],
    [{ facets: ['attributes.'] }, 'facets'],
    [{ facets: Array(13).fill('price') }, 'facets'],
    [{ filter: { attributes: { 'a b': 'x' } } }, 'attributes'],
    [{ filter: { attributes: { a: '\0' } } }, 'attributes'],
    [
      { filter: { attributes: Object.fromEntries(Array.from('abcdefghijklm', (name) => [name, 'x'])) } },
      'attributes',
    ],
    [{ text: 'x'.repeat(801) }, 'query'],
    [{ text: 'a\0b' }, 'query'],
    [{ filter: { category: '\ud800' } }, 'category'],
    [{ filter: { currency: 'eur' } }, 'priceCurrency'],
    [{ after: ['written', 'a\0', ''] }, 'after'],
  ] as const)
    t.throws(() => createQuery({ ...good, ...wrong }), { code: 'search.invalid', details: { parameter } })
})

t.test('a search without words has no relevance, and each facet once', async (t) => {
  t.equal(createQuery(good).sort, 'relevance')
  t.equal(createQuery({ ...good, text: ' ' }).sort, 'newest')
  t.strictSame(createQuery({ ...good, facets: ['price', 'category', 'price'] }).facets, ['price', 'category'])
})

t.test('price bands begin where the one before ends', async (t) => {
  t.strictSame([0, 1, 10, 11].map(bandAt), ['0-0', '1-1', '1000-1999', '2000-4999'])
  t.strictSame([0n, 1n, 1_000n, 1_999n, 2_000n, 10n ** 15n].map(bandOf), [0, 1, 10, 10, 11, 45])
  t.match(bandAt(bandStarts.length - 1), /^5000000{9,}-$/)
})

t.test('synonyms are read as people write them', async (t) => {
  const synonyms = parseSynonyms(' Mug = cup=CAFÉ ; sofa=couch;; lamp; = ')
  t.strictSame(synonyms.get('mug'), ['cup', 'cafe'])
  t.strictSame(synonyms.get('cafe'), ['mug', 'cup'])
  t.strictSame(synonyms.get('couch'), ['sofa'])
  t.strictSame(synonyms.get('lamp'), [])
  t.strictSame(parseSynonyms(''), new Map())
})

t.test('words and their runs', async (t) => {
  t.equal(spacedWords('t-light holder'), ' t light holder ')
  t.equal(spacedWords('--'), ' ')
  t.strictSame(longestGrams('水壶'), ['水壶'])
  t.strictSame(longestGrams('lamp'), ['lam', 'amp'])
})

t.test('two copies differ in the buckets that only one has so', async (t) => {
  const [one, two, other] = [
    { bucket: 1, count: 1, sum: 5n },
    { bucket: 2, count: 2, sum: 7n },
    { bucket: 2, count: 2, sum: 8n },
  ]
  t.strictSame(differingBuckets([one, two], [two, one]), [])
  t.strictSame(differingBuckets([one, two], [one, other]), [2])
  t.strictSame(differingBuckets([], [two, one]), [1, 2])
})
