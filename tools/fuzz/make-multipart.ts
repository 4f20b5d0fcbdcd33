import fc, { type Arbitrary } from 'fast-check'
import { deflateSync, crc32 } from 'node:zlib'
import { bodyOf, type MadeBody } from './made-body.ts'
import { textOf } from './make-text.ts'

type Part = { readonly head: string; readonly content: Buffer }

const crlf = '\r\n'
const boundary = 'the-boundary'

const oddTypes = fc.constantFrom(
  ...[
    'multipart/form-data',
    'multipart/form-data; boundary=',
    'multipart/form-data; boundary="',
    'image/png',
    '',
  ],
  ...[`multipart/form-data; boundary=${'b'.repeat(300)}`, 'multipart/mixed; boundary=x', 'application/json'],
)

/** A form with an image: mostly well made, with a picture or with something else under its name. */
export const makeMultipart: Arbitrary<MadeBody | undefined> = fc.oneof(
  { weight: 12, arbitrary: fc.array(part(), { minLength: 1, maxLength: 3 }).map(formOf) },
  {
    weight: 6,
    arbitrary: fc.tuple(fileNamed(), content()).map(([head, file]) => formOf([{ head, content: file }])),
  },
  { weight: 4, arbitrary: cut(fc.array(part(), { minLength: 1, maxLength: 3 }).map(formOf)) },
  { weight: 1, arbitrary: fc.integer({ min: 500, max: 5_000 }).map((count) => formOf(manyFields(count))) },
  { weight: 1, arbitrary: fc.tuple(oddTypes, content()).map(([type, bytes]) => bodyOf(type, bytes)) },
  { weight: 1, arbitrary: fc.constant(undefined) },
)

function part(): Arbitrary<Part> {
  const file = fc.record({ head: fileNamed(), content: content() })
  const alt = fc.record({
    head: fc.constantFrom('form-data; name="alt"', 'form-data; name=alt', 'form-data; name="__proto__"'),
    content: textOf(0, 600).map((text) => Buffer.from(text)),
  })
  const odd = fc.record({
    head: fc.constantFrom(
      'form-data',
      'attachment',
      '',
      'form-data; name=""',
      `form-data; name="${'x'.repeat(9_000)}"`,
    ),
    content: content(),
  })
  return fc.oneof(
    { weight: 6, arbitrary: file },
    { weight: 4, arbitrary: alt },
    { weight: 1, arbitrary: odd },
  )
}

function fileNamed(): Arbitrary<string> {
  const name = fc.constantFrom(
    ...[
      'tea.png',
      '../../etc/passwd',
      '..\\..\\x.png',
      '/etc/passwd',
      'a\0.png',
      '',
      '.',
      'CON',
      'x'.repeat(5_000),
    ],
    ...['a.png"; name="alt', '水壶.svg', '%2e%2e%2fx', '$(id).png'],
  )
  return name.map((text) => `form-data; name="file"; filename="${text}"`)
}

/** Pictures, and what is none although it begins like one. */
function content(): Arbitrary<Buffer> {
  const size = fc.constantFrom(1, 2, 9, 64)
  const picture = fc.tuple(size, size).map(([width, height]) => png(width, height))
  const bomb = fc
    .constantFrom([60_000, 60_000], [2 ** 31 - 1, 1], [0, 0], [1, 50_000])
    .map(([width = 0, height = 0]) => png(width, height, 1))
  const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')
  return fc.oneof(
    { weight: 6, arbitrary: picture },
    { weight: 2, arbitrary: bomb },
    {
      weight: 3,
      arbitrary: fc.tuple(picture, fc.nat({ max: 90 })).map(([bytes, at]) => bytes.subarray(0, at)),
    },
    {
      weight: 3,
      arbitrary: fc.tuple(picture, fc.nat({ max: 90 }), fc.nat({ max: 255 })).map(([bytes, at, value]) => {
        const changed = Buffer.from(bytes)
        changed[at % changed.length] = value
        return changed
      }),
    },
    {
      weight: 2,
      arbitrary: picture.map((bytes) => Buffer.concat([bytes, Buffer.from('<?php system("id") ?>')])),
    },
    {
      weight: 2,
      arbitrary: fc.constantFrom(
        svg,
        Buffer.from('GIF89a'),
        Buffer.from([0xff, 0xd8, 0xff, 0xe0]),
        Buffer.from('RIFF....WEBPVP8 '),
      ),
    },
    { weight: 2, arbitrary: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)) },
    { weight: 1, arbitrary: fc.constantFrom(300_000, 3_000_000).map((length) => Buffer.alloc(length, 0x41)) },
  )
}

/** `rows` is how many rows of its picture are there, which may be fewer than it says. */
function png(width: number, height: number, rows = height): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 0, 0, 0, 0], 8)
  const pixels = Buffer.alloc(rows * (Math.min(width, 64) + 1))
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(pixels)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function chunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type), data])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  const sum = Buffer.alloc(4)
  sum.writeUInt32BE(crc32(named))
  return Buffer.concat([length, named, sum])
}

const manyFields = (count: number): readonly Part[] =>
  Array.from({ length: count }, (_, index) => ({
    head: `form-data; name="f${index}"`,
    content: Buffer.from('x'),
  }))

function formOf(parts: readonly Part[]): MadeBody {
  const pieces = parts.flatMap(({ head, content: bytes }) => [
    Buffer.from(
      `--${boundary}${crlf}content-disposition: ${head}${crlf}content-type: image/png${crlf}${crlf}`,
    ),
    bytes,
    Buffer.from(crlf),
  ])
  return bodyOf(
    `multipart/form-data; boundary=${boundary}`,
    Buffer.concat([...pieces, Buffer.from(`--${boundary}--${crlf}`)]),
  )
}

/** Ends somewhere, or has something else in the middle. */
function cut(form: Arbitrary<MadeBody>): Arbitrary<MadeBody> {
  return fc
    .tuple(
      form,
      fc.nat({ max: 400 }),
      fc.constantFrom('', crlf, '--', `--${boundary}`, `--${boundary}--`, '\0'),
      fc.boolean(),
    )
    .map(([{ headers, bytes }, at, text, isEnd]) => {
      const tail = isEnd ? [] : [bytes.subarray(at)]
      return { headers, bytes: Buffer.concat([bytes.subarray(0, at), Buffer.from(text), ...tail]) }
    })
}
