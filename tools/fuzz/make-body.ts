import { gzipSync } from 'node:zlib'
import type { Schema } from './document.ts'
import { spoiled, validValue, type Known } from './make-value.ts'
import type { FuzzRandom } from './random.ts'

export type MadeBody = { readonly headers: [string, string][]; readonly bytes: Buffer }

const json: [string, string] = ['content-type', 'application/json']

/** Most bodies are valid. The others do not match the schema, are no JSON, or have another content type. */
export function makeBody(random: FuzzRandom, schema: Schema, known: Known): MadeBody | undefined {
  const valid = validValue(random, schema, '', known)
  const kind = random.below(100)
  if (kind < 50) return { headers: [json], bytes: textOf(valid) }
  if (kind < 80) return { headers: [json], bytes: textOf(spoiled(random, valid)) }
  if (kind < 92) return { headers: [json], bytes: noJson(random, textOf(valid)) }
  if (kind < 98) return { headers: [inAnotherLanguage(random)], bytes: textOf(valid) }
  if (kind < 99) return { headers: [json, ['content-encoding', 'gzip']], bytes: gzipSync(textOf(valid)) }
  return undefined
}

const textOf = (value: unknown): Buffer => Buffer.from(JSON.stringify(value))

function noJson(random: FuzzRandom, good: Buffer): Buffer {
  const at = random.below(good.length + 1)
  return random.pick([
    () => good.subarray(0, at),
    () => Buffer.concat([good, Buffer.from('}')]),
    () => Buffer.concat([good.subarray(0, at), Buffer.from([0xff, 0xfe]), good.subarray(at)]),
    () => Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), good]),
    () => Buffer.from('{"__proto__":{"a":1}}'),
    () => Buffer.from('{"a":1e400,"a":2}'),
    () => Buffer.from('['.repeat(20_000)),
    () => Buffer.from(`${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`),
    () => Buffer.from('"\\ud800"'),
    () => Buffer.alloc(0),
    () => Buffer.alloc(524_289, 0x20),
  ])()
}

function inAnotherLanguage(random: FuzzRandom): [string, string] {
  const types = [
    'text/plain',
    'application/xml',
    'multipart/form-data; boundary=x',
    'application/json; charset=utf-16',
    'x',
    '',
  ]
  return [
    'content-type',
    random.pick([...types, 'application/json;', 'APPLICATION/JSON', 'application/json, text/plain']),
  ]
}
