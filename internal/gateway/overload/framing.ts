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
const plainHead = /^(?:GET|POST|PATCH|DELETE) \/[!-~]* HTTP\/1\.1(?:\r\n[\w!#$%&'*+.^`|~-]+:[^\r\n\0]*)+$/
const unusualHeader =
  /\r\n(?:transfer-encoding|upgrade|expect|trailer|connection(?!: ?keep-alive(?:\r\n|$))):?/i
const lengthHeader = /\r\ncontent-length:/gi

/** The request that begins at `from`. Nothing is made on the way but the head's text: this runs once for each refusal. */
export function frame(bytes: Buffer, from: number): Frame {
  const end = bytes.indexOf(headEnd, from)
  if (end < 0) return bytes.length - from > headBytes ? 'unusual' : 'partial'
  if (end - from > headBytes) return 'unusual'
  const head = bytes.toString('latin1', from, end)
  if (!plainHead.test(head) || unusualHeader.test(head)) return 'unusual'
  const length = bodyLength(head)
  if (length < 0) return 'unusual'
  const after = end + headEnd.length + length
  if (after > bytes.length) return 'partial'
  const method = head.indexOf(' ')
  return {
    method: head.slice(0, method),
    url: head.slice(method + 1, head.indexOf(' ', method + 1)),
    end: after,
  }
}

/** Below zero: not one plain number. */
function bodyLength(head: string): number {
  lengthHeader.lastIndex = 0
  if (!lengthHeader.test(head)) return 0
  const from = lengthHeader.lastIndex
  if (lengthHeader.test(head)) return -1
  const lineEnd = head.indexOf('\r\n', from)
  const text = head.slice(from, lineEnd < 0 ? undefined : lineEnd).trim()
  if (!/^\d{1,6}$/.test(text)) return -1
  const length = Number(text)
  return length > bodyBytes ? -1 : length
}
