import fc, { type Arbitrary } from 'fast-check'
import { gzipSync } from 'node:zlib'
import type { Operation, Schema } from './document.ts'
import { bodyOf, type MadeBody } from './made-body.ts'
import { makeCsv } from './make-csv.ts'
import { makeMultipart } from './make-multipart.ts'
import { validValue, type Known } from './make-value.ts'
import { spoiled } from './spoil.ts'

const json = ['content-type', 'application/json'] as const
const asJson = (bytes: Buffer): MadeBody => bodyOf('application/json', bytes)

export function makeBody(
  { type, schema }: NonNullable<Operation['body']>,
  known: Known,
): Arbitrary<MadeBody | undefined> {
  const make = makers[type]
  if (!make) throw new Error(`bodies of ${type} cannot be made`)
  return make(schema, known)
}

const makers: Readonly<Record<string, (schema: Schema, known: Known) => Arbitrary<MadeBody | undefined>>> = {
  'application/json': makeJson,
  'multipart/form-data': () => makeMultipart,
  'text/csv': () => makeCsv,
}

/** Most are valid. The others do not match the schema, are no JSON, or have another content type. */
function makeJson(schema: Schema, known: Known): Arbitrary<MadeBody | undefined> {
  const valid = validValue(schema, '', known)
  const bytes = valid.map(jsonOf)
  return fc.oneof(
    { weight: 50, arbitrary: bytes.map(asJson) },
    { weight: 30, arbitrary: valid.chain(spoiled).map(jsonOf).map(asJson) },
    { weight: 12, arbitrary: noJson(bytes).map(asJson) },
    {
      weight: 6,
      arbitrary: fc.tuple(inAnotherLanguage, bytes).map(([type, made]) => bodyOf(type, made)),
    },
    {
      weight: 1,
      arbitrary: bytes.map((made) => ({
        headers: [json, ['content-encoding', 'gzip'] as const],
        bytes: gzipSync(made),
      })),
    },
    { weight: 1, arbitrary: fc.constant(undefined) },
  )
}

const jsonOf = (value: unknown): Buffer => Buffer.from(JSON.stringify(value))

function noJson(good: Arbitrary<Buffer>): Arbitrary<Buffer> {
  const cut = fc
    .tuple(good, fc.nat({ max: 300 }))
    .map(([bytes, at]) => [bytes.subarray(0, at), bytes.subarray(at)] as const)
  const depth = fc.nat({ max: 20_000 })
  return fc.oneof(
    cut.map(([head]) => head),
    fc
      .tuple(cut, fc.uint8Array({ maxLength: 8 }))
      .map(([[head, tail], bytes]) => Buffer.concat([head, bytes, tail])),
    good.map((bytes) => Buffer.concat([bytes, Buffer.from('}')])),
    good.map((bytes) => Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), bytes])),
    fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
    fc
      .constantFrom('{"__proto__":{"a":1}}', '{"a":1e400,"a":2}', '"\\ud800"', '')
      .map((text) => Buffer.from(text)),
    depth.map((levels) => Buffer.from('['.repeat(levels))),
    depth.map((levels) => Buffer.from(`${'{"a":'.repeat(levels)}"\\u0061"${'}'.repeat(levels)}`)),
    depth.map((levels) => Buffer.from(`${'["\\u0061",'.repeat(levels)}1${']'.repeat(levels)}`)),
    fc.constantFrom(524_288, 524_289, 600_000).map((size) => Buffer.alloc(size, 0x20)),
  )
}

const inAnotherLanguage = fc.constantFrom(
  ...['text/plain', 'application/xml', 'multipart/form-data; boundary=x', 'application/json; charset=utf-16'],
  ...['x', '', 'application/json;', 'APPLICATION/JSON', 'application/json, text/plain'],
)
