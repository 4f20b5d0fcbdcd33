import fc, { type Arbitrary } from 'fast-check'
import { bodyOf, type MadeBody } from './made-body.ts'
import { textOf } from './make-text.ts'

const columns: readonly string[] = [
  ...[
    'sku',
    'name',
    'category',
    'price',
    'currency',
    'stock',
    'weightGrams',
    'description',
    'images',
    'familyId',
  ],
  ...['options.size', 'attributes.litres'],
]
const oddColumns: readonly string[] = [
  '',
  'SKU',
  'sku',
  'options.',
  '__proto__',
  'attributes.__proto__',
  'x'.repeat(300),
]

/** The same few products again and again, so that rows make, change and repeat them. */
const skus: readonly string[] = Array.from({ length: 6 }, (_, index) => `FUZZ-${index}`)

/** Files of products: with good rows, with odd ones, and with what is no table at all. */
export const makeCsv: Arbitrary<MadeBody | undefined> = fc.oneof(
  { weight: 16, arbitrary: table().map((text) => csv(Buffer.from(text))) },
  {
    weight: 4,
    arbitrary: fc
      .tuple(table(), fc.nat({ max: 300 }), fc.uint8Array({ maxLength: 6 }))
      .map(([text, at, bytes]) => {
        const good = Buffer.from(text)
        return csv(Buffer.concat([good.subarray(0, at), bytes, good.subarray(at)]))
      }),
  },
  {
    weight: 2,
    arbitrary: table().map((text) =>
      csv(Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(text)])),
    ),
  },
  { weight: 1, arbitrary: table().map((text) => csv(Buffer.from(text, 'utf16le'))) },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom('', '\n', 'sku', 'sku\n"', `sku,name\n"${'x'.repeat(100_000)}`, ','.repeat(5_000))
      .map((text) => csv(Buffer.from(text))),
  },
  {
    weight: 1,
    arbitrary: fc
      .integer({ min: 200, max: 3_000 })
      .map((count) => csv(Buffer.from(`sku,name\n${'FUZZ-1,Tea\n'.repeat(count)}`))),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom('application/json', 'text/plain', '', 'text/csv; charset=latin1')
      .map((type) => bodyOf(type, Buffer.from('sku\n'))),
  },
  { weight: 1, arbitrary: fc.constant(undefined) },
)

function table(): Arbitrary<string> {
  const named = fc.subarray(columns.slice(1), { minLength: 1 }).map((some) => ['sku', ...some])
  const odd = fc.array(fc.constantFrom(...columns, ...oddColumns), { minLength: 1, maxLength: 14 })
  const head = fc.oneof({ weight: 12, arbitrary: named }, { weight: 1, arbitrary: odd })
  return fc
    .tuple(head, fc.constantFrom(',', ',', ';', '\t'), fc.constantFrom('\n', '\n', '\r\n', '\r'))
    .chain(([names, comma, end]) => {
      const row = fc.tuple(...names.map(cellOf)).map((cells) => cells.join(comma))
      return fc.array(row, { maxLength: 12 }).map((rows) => [names.join(comma), ...rows, ''].join(end))
    })
}

function cellOf(column: string): Arbitrary<string> {
  const good = new Map<string, Arbitrary<string>>(
    Object.entries({
      sku: fc.constantFrom(...skus),
      name: fc.constantFrom('Tea', 'Kettle'),
      category: fc.constantFrom('fuzz', 'fuzz/deeper'),
      price: fc.constantFrom('1', '12.50', '0', '0.01'),
      currency: fc.constantFrom('EUR', 'USD'),
      stock: fc.constantFrom('0', '1', '100000'),
      weightGrams: fc.constantFrom('0', '500'),
      images: fc.constantFrom(
        'https://example.com/a.png',
        'https://example.com/a.png https://example.com/b.png',
      ),
    }),
  )
  const odd = fc.oneof(
    fc.constantFrom(
      '',
      ' ',
      '-1',
      '1e400',
      '1,5',
      '9'.repeat(30),
      'NaN',
      '""',
      '"a""b"',
      '"open',
      'a"b',
      '=1+1',
      '\0',
    ),
    textOf(0, 300),
    textOf(0, 40).map((text) => `"${text.replaceAll('"', '""')}"`),
  )
  return fc.oneof(
    { weight: 12, arbitrary: good.get(column) ?? fc.constant('') },
    { weight: 1, arbitrary: odd },
  )
}

const csv = (bytes: Buffer): MadeBody => bodyOf('text/csv', bytes)
