/** A whole request within some bytes, of which nothing but its first line and its length is known. */
export type Framed = { readonly method: string; readonly url: string; readonly end: number }

/** `partial`: its end has not come yet. `unusual`: something for a real parser. */
export type Frame = Framed | 'partial' | 'unusual'

const headEnd = Buffer.from('\r\n\r\n')
/** Node's own limit for a head. */
const headBytes = 16_384
/** Larger ones are rare enough for the real parser. */
const bodyBytes = 65_536

/** Nothing but what every parser reads in the same way: anything else is left to Node's. */
const plainHead = /^(GET|POST|PATCH|DELETE) (\/[!-~]*) HTTP\/1\.1(?:\r\n[\w!#$%&'*+.^`|~-]+:[^\r\n\0]*)+$/
const unusualHeader =
  /\r\n(?:transfer-encoding|upgrade|expect|trailer|connection(?!: ?keep-alive(?:\r\n|$))):?/i
const lengths = /\r\ncontent-length:[ \t]*([^\r\n]*)/gi

/** The request that begins at `from`. */
export function frame(bytes: Buffer, from: number): Frame {
  const end = bytes.indexOf(headEnd, from)
  if (end < 0) return bytes.length - from > headBytes ? 'unusual' : 'partial'
  if (end - from > headBytes) return 'unusual'
  const head = bytes.toString('latin1', from, end)
  const line = plainHead.exec(head)
  if (!line || unusualHeader.test(head)) return 'unusual'
  const length = bodyLength(head)
  if (length === undefined) return 'unusual'
  const after = end + headEnd.length + length
  if (after > bytes.length) return 'partial'
  return { method: line[1] ?? '', url: line[2] ?? '', end: after }
}

function bodyLength(head: string): number | undefined {
  const [given, ...more] = [...head.matchAll(lengths)].map((match) => match[1] ?? '')
  if (given === undefined) return 0
  if (more.length > 0 || !/^\d{1,6}$/.test(given)) return undefined
  const length = Number(given)
  return length > bodyBytes ? undefined : length
}
