import type { Readable } from 'node:stream'
import type { ByteRange, StoredFile } from '../../platform/files/file-store.ts'

/** What a client says of what it has and wants. */
export type Conditions = {
  readonly 'if-none-match'?: string
  readonly 'if-range'?: string
  readonly range?: string
}

export type Served = {
  readonly status: 200 | 206 | 304 | 416
  readonly body: Readable | null
  readonly headers: Readonly<Record<string, string>>
}

/** A file that never changes: whoever has it need not ask again for a year, which is as good as for ever. */
const forEver = 'public, max-age=31536000, immutable'

/** Undefined when the file has gone meanwhile. */
export async function serveFile(
  file: StoredFile,
  etag: string,
  conditions: Conditions,
): Promise<Served | undefined> {
  const headers = { etag, 'cache-control': forEver, 'accept-ranges': 'bytes' }
  if (matches(conditions['if-none-match'], etag)) return { status: 304, body: null, headers }
  const ifRange = conditions['if-range']
  const isSame = ifRange === undefined || ifRange === etag
  const wanted = isSame ? rangeOf(conditions.range, file.bytes) : undefined
  if (wanted === 'unsatisfiable')
    // A refusal is no part of the file, so no cache keeps it.
    return {
      status: 416,
      body: null,
      headers: { 'content-range': `bytes */${file.bytes}`, 'accept-ranges': 'bytes' },
    }
  const body = await file.read(wanted)
  if (!body) return undefined
  if (!wanted) return { status: 200, body, headers: { ...headers, 'content-length': String(file.bytes) } }
  const { first, last } = wanted
  const part = {
    'content-range': `bytes ${first}-${last}/${file.bytes}`,
    'content-length': String(last - first + 1),
  }
  return { status: 206, body, headers: { ...headers, ...part } }
}

function matches(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false
  const tags = ifNoneMatch.split(',').map((tag) => tag.trim().replace(/^W\//, ''))
  return tags.includes(etag) || tags.includes('*')
}

/** One range of RFC 9110; several, other units and what is malformed are ignored, and the whole file is the answer. */
function rangeOf(range: string | undefined, bytes: number): ByteRange | 'unsatisfiable' | undefined {
  const [, from = '', to = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(range ?? '') ?? []
  if (from === '' && to === '') return undefined
  if (from === '') {
    const count = Math.min(Number(to), bytes)
    return count === 0 ? 'unsatisfiable' : { first: bytes - count, last: bytes - 1 }
  }
  const [first, last] = [Number(from), to === '' ? bytes - 1 : Math.min(Number(to), bytes - 1)]
  if (to !== '' && Number(to) < first) return undefined
  return first < bytes ? { first, last } : 'unsatisfiable'
}
