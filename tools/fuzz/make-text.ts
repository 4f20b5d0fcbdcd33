import fc, { type Arbitrary } from 'fast-check'

/** Texts that have meant something to somebody: a parser, a terminal, a search, a database. */
const meaningful: readonly string[] = [
  ...[
    '-'.repeat(33),
    '"',
    "'",
    ' or ',
    '& | ! :* <->',
    'KET-0',
    '\\',
    '%',
    '_',
    '%_%',
    "' or 1=1 --",
    '${7*7}',
  ],
  ...[
    '水壶',
    '不锈钢水壶',
    'Café',
    'Cafe\u0301',
    'İstanbul',
    'ﬁne',
    'ẞ',
    '١٢',
    'ｆｕｌｌ',
    '👩‍👩‍👧‍👦',
    '\u202eabc',
    '\u200b',
  ],
  ...[
    '\0',
    '\x01'.repeat(64),
    '\x7f',
    '\ud83d',
    '\udc00x',
    '\r\nset-cookie: a=b',
    '\ufeff',
    '\ufffd',
    '\u2028',
  ],
  ...['', ' ', '\t', '1', 'true', 'null', '__proto__', 'constructor', 'toString', '../..', '%00', '<b>'],
]

/** Texts of at least and at most so many code points; a few are of other lengths. */
export function textOf(minLength: number, maxLength: number): Arbitrary<string> {
  const few = Math.max(minLength, Math.min(maxLength, 12))
  const some = { minLength, maxLength: few }
  const cut = (text: string): string => Array.from(text).slice(0, maxLength).join('')
  return fc.oneof(
    { weight: 8, arbitrary: fc.string({ unit: 'grapheme-ascii', ...some }) },
    { weight: 4, arbitrary: fc.string({ unit: 'grapheme', ...some }).map(cut) },
    { weight: 2, arbitrary: fc.string({ unit: 'binary', ...some }) },
    { weight: 2, arbitrary: fc.constantFrom(...meaningful).map((text) => cut(text.padEnd(minLength, 'x'))) },
    {
      weight: 2,
      arbitrary: fc
        .tuple(fc.constantFrom(...meaningful), fc.string(some))
        .map((two) => cut(two.join(' ').padEnd(minLength, 'x'))),
    },
    {
      weight: 1,
      arbitrary: fc
        .constantFrom('x', 'é', '漢', '🙂', '\x01')
        .map((one) => one.repeat(Math.min(maxLength, 20_000))),
    },
  )
}

/** Values that match hardly any schema, up to deep and large ones. */
export const oddValue: Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    false,
    0,
    -1,
    1.5,
    -0,
    1e21,
    9_007_199_254_740_993,
    2_147_483_648,
    -2_147_483_649,
  ),
  fc.constantFrom(...meaningful),
  fc.nat({ max: 20_000 }).map((length) => 'x'.repeat(length)),
  fc.constantFrom<unknown>([], {}, [[]], [null], { toString: 1 }, { length: 1e9 }),
  fc.jsonValue({ maxDepth: 4 }),
  fc.nat({ max: 20_000 }).map((length) => Array.from({ length }, () => 'x')),
  fc.nat({ max: 2_000 }).map(nested),
)

function nested(depth: number): unknown {
  let value: unknown = 'a'
  for (let level = 0; level < depth; level++) value = level % 2 ? [value] : { a: value }
  return value
}
