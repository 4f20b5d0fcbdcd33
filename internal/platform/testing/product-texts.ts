import fc from 'fast-check'

// What products are called in the world, and what people type, for the tests of whatever finds products.

/** Names and SKUs, and what finds each of them. */
export const foundByParts: readonly (readonly [name: string, sku: string, queries: readonly string[]])[] = [
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
/** What a product may be called. */
export const productText = fc
  .array(fc.tuple(piece, separator), { minLength: 1, maxLength: 6 })
  .map((pieces) => pieces.flat().join(''))
  .filter((text) => text.trim() !== '' && !/\p{Cc}/u.test(text))

/** What it must be found by: its name and its SKU, runs of letters and digits in them, and the beginnings of words. */
export function queriesFor(name: string, sku: string): ReadonlySet<string> {
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

const shortTexts = [
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
const longTexts = [
  '-',
  '"',
  "'",
  '!',
  '(',
  '\\',
  '%',
  '_',
  'x',
  'ß',
  '🎁',
  'a ',
  '- ',
  '\u0301',
  'ﷺ',
].flatMap((text) => [text.repeat(33), text.repeat(800 / text.length)])

/** Quotes, operators of query languages, patterns, and long runs of what some of them take apart. */
export const oddTexts: readonly string[] = [...shortTexts, ...longTexts]

export const anyText = fc.oneof(
  fc.string({ maxLength: 800 }),
  fc.string({ unit: 'binary', maxLength: 200 }).filter((text) => !/\p{Cc}/u.test(text)),
)
