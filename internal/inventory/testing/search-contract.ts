import fc from 'fast-check'
import type { Test } from 'tap'
import { newId } from '../../platform/new-id.ts'
import { updateProduct, deleteProduct } from '../catalogue/domain/product.ts'
import { addProduct, noon, trace, type InventoryStores } from './fixtures.ts'
import { listAll } from './products-contract.ts'

type Open = (t: Test) => Promise<InventoryStores>

/** What every catalogue finds. */
export function searchContract(t: Test, open: Open): void {
  wordTests(t, open)
  nameTests(t, open)
  odditiesTests(t, open)
}

function wordTests(t: Test, open: Open): void {
  t.test('finds words in name, SKU and description, each of which may be a part', async (t) => {
    const stores = await open(t)
    const category = newId()
    await addProduct(stores, 1, { category, name: 'Red lamp', description: 'with a shade' })
    await addProduct(stores, 1, { category, name: 'Blue vase', sku: `VASE ${category}`, description: '' })
    const found = (query: string) => listAll(stores.products, { category, query }, 'name')
    t.strictSame(await found('LAMP red'), ['Red lamp'])
    t.strictSame(await found('red sha'), ['Red lamp'])
    t.strictSame(await found('"lam", red.'), ['Red lamp'])
    t.strictSame(await found('vas'), ['Blue vase'])
    t.strictSame(await found('lamp blue'), [])
    t.strictSame(await found('vase -blue'), ['Blue vase'])
    t.strictSame(await found('lamp or vase'), [])
    t.strictSame(await found('l%p'), [])
    t.strictSame(await found('la_p'), [])
    t.strictSame(await found('  '), ['Blue vase', 'Red lamp'])
  })

  t.test('finds what a product is called now, while it is there', async (t) => {
    const stores = await open(t)
    const [category, word] = [newId(), `w${newId().slice(-8)}`]
    const { id } = await addProduct(stores, 1, { category, name: `Old ${word}` })
    const found = (query: string) => listAll(stores.products, { query }, 'name')
    const rename = { name: 'Kettle', description: `once ${word}x` }
    await stores.products.update(id, (product) => updateProduct(product, rename, undefined, noon), trace)
    t.strictSame(await found(`old ${word}`), [])
    t.strictSame(await found(`${word}x kettle`), ['Kettle'])
    await stores.products.update(id, (product) => deleteProduct(product, undefined, noon), trace)
    t.strictSame(await found(`${word}x`), [])
  })

  t.test('pages through what it finds, however many there are', async (t) => {
    const stores = await open(t)
    const category = newId()
    const names = Array.from({ length: 5 }, (_, index) => `Lantern ${index}`)
    for (const name of names) await addProduct(stores, 1, { category, name })
    t.strictSame(await listAll(stores.products, { category, query: 'lantern' }, 'name'), names)
    t.strictSame(await listAll(stores.products, { category, query: 'l' }, 'newest'), names.toReversed())
  })
}

function nameTests(t: Test, open: Open): void {
  const cases: readonly (readonly [name: string, sku: string, queries: readonly string[]])[] = [
    ['Widget - Blue', 'KET-01', ['Widget - Blue', 'KET-0', 'KET', 'KET-', 'ket-01', '01', 'wi', 'BLUE -']],
    ['CVE-2026-2332 sticker', 'ABC/123', ['2332', '2026', 'cve', 'CVE-2026-2332 sticker', '123', 'abc/1']],
    ['Café au lait', 'ñandú', ['cafe', 'CAFÉ', 'Cafe\u0301', 'nandu', 'n\u0303an', 'ÑANDÚ']],
    ['Cafe\u0301 crème', 'x\u0301-1', ['café creme', 'cafe', 'x-1']],
    ['不锈钢水壶', '水壶-500ml', ['水壶', '不锈钢', '钢水', '壶', '500', 'ml']],
    ['ステンレスケトル ﾊﾝﾄﾞﾙ付き', 'ガラス', ['ケトル', 'ハンドル', '付き', 'ガラス', '付']],
    ['Łódź Straße Ærø', 'İSTANBUL', ['lodz', 'STRASSE', 'aero', 'istanbul', 'strasse', 'Ærø']],
    ['ΣΊΣΥΦΟΣ Ёлка', 'ﬁt', ['σισυφος', 'ΣΙΣΥΦΟΣ', 'елка', 'FIT']],
    ['O’Brien’s 27″ – “best”', '100%_\\', ["o'brien's", '27"', '“best”', '100%', '%_\\', '_\\']],
    ['🎁', '★★', ['🎁', '★', '★★']],
    ['---', '""', ['---', '--', '""', '-']],
    ['AND or NOT <-> !x & (y|z):*', "';--", ['AND or NOT <-> !x & (y|z):*', '!x', '(y|z):*', "';--"]],
  ]
  for (const [name, sku, queries] of cases) {
    t.test(`finds ${name} by its parts`, async (t) => {
      const stores = await open(t)
      const category = newId()
      await addProduct(stores, 1, { category, name, sku: `${sku} ${category}`.slice(0, 64), description: '' })
      for (const query of queries)
        t.equal((await listAll(stores.products, { category, query }, 'newest')).length, 1, query)
    })
  }

  t.test('finds every product by its name, its SKU and their parts', async (t) => {
    const stores = await open(t)
    const property = fc.asyncProperty(productText, productText, async (name, sku) => {
      const category = newId()
      const product = await addProduct(stores, 1, { category, name, sku: skuOf(sku), description: '' })
      for (const query of queriesFor(product.name, product.sku)) {
        const page = await stores.products.list({ category, query }, 'newest', 2, undefined)
        if (page.products.length !== 1) throw new Error(`${JSON.stringify(query)} does not find it`)
      }
    })
    await fc.assert(property, { numRuns: 60 })
  })
}

/** Unlike any other product's. */
const skuOf = (text: string): string =>
  `${Array.from(text.normalize('NFC')).slice(0, 20).join('')}·${newId()}`

const alphabets = [
  'abcXYZ',
  '0123456789',
  'éñÅüßøŁæœþıİ',
  'e\u0301n\u0303o\u0308',
  'ёйЖщ',
  'Σσςάώ',
  '水壶不锈钢茶',
  'がパﾊﾞッｶ',
  '한국어각',
  '-_./\\%\'"+&|!():*<>~#@,;',
  '–—’“”…・「」',
  '🎁👩‍🚀★½ﬁ①',
]
const piece = fc.oneof(
  ...alphabets.map((letters) =>
    fc.string({ unit: fc.constantFrom(...Array.from(letters)), minLength: 1, maxLength: 6 }),
  ),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 6 }),
)
const separator = fc.constantFrom(' ', '', '-', '/', ' - ', '  ', '\u00a0', '_')
const productText = fc
  .array(fc.tuple(piece, separator), { minLength: 1, maxLength: 6 })
  .map((pieces) => pieces.flat().join(''))
  .filter((text) => text.trim() !== '' && !/\p{Cc}/u.test(text))

function queriesFor(name: string, sku: string): ReadonlySet<string> {
  const words = `${name} ${sku}`.match(/[\p{L}\p{N}\p{M}]+/gu) ?? []
  const runs = `${name} ${sku}`.match(/\p{L}[\p{L}\p{M}]*|\p{N}+/gu) ?? []
  const prefixes = [sku, ...words].flatMap((word) =>
    [2, 3, 5].map((size) => Array.from(word).slice(0, size).join('')),
  )
  const whole = [name, sku, ...runs, ...prefixes, ...(name.match(/\p{Script=Han}{2}/gu) ?? [])]
  const latin = /^[\p{Script=Latin}\p{N}\p{Mn} -]*$/u.test(name)
    ? [name.toUpperCase(), name.toLowerCase(), name.normalize('NFD').replace(/\p{Mn}/gu, '')]
    : []
  return new Set(
    [...whole, ...latin].flatMap((query) => [query, query.normalize('NFD'), query.normalize('NFC')]),
  )
}

function odditiesTests(t: Test, open: Open): void {
  t.test('takes any text as a search', async (t) => {
    const { products } = await open(t)
    const odd = [
      "it's",
      '"',
      ':*',
      'a & | ! b',
      '(((',
      '\\',
      '<->',
      'a:*',
      '-',
      'or or',
      '%',
      '日本',
      '🎁',
      '\u200b',
    ]
    const long = ['-', '"', "'", '!', '(', '\\', '%', '_', 'x', 'ß', '🎁', 'a ', '- ', '\u0301', 'ﷺ'].flatMap(
      (text) => [text.repeat(33), text.repeat(800 / text.length)],
    )
    for (const query of [...odd, ...long])
      await t.resolves(products.list({ query }, 'newest', 2, undefined), query)
    const anyText = fc.oneof(
      fc.string({ maxLength: 800 }),
      fc.string({ unit: 'binary', maxLength: 200 }).filter((text) => !/\p{Cc}/u.test(text)),
    )
    await fc.assert(
      fc.asyncProperty(anyText, async (query) => {
        await products.list({ query }, 'price', 2, undefined)
      }),
      { numRuns: 100 },
    )
  })

  t.test('refuses what no text of a database can hold', async (t) => {
    const { products } = await open(t)
    for (const text of ['a\0b', '\ud800'])
      for (const filter of [{ query: text }, { category: text }])
        await t.rejects(products.list(filter, 'newest', 2, undefined), {
          kind: 'invalid',
          code: 'products.invalid-filter',
        })
  })
}
