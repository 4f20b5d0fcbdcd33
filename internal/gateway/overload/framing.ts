import { httpMethods } from '../http-methods.ts'
import type { Traffic, TrafficOf } from './traffic.ts'

/** A whole request within some bytes, of which nothing but its first line and its length is known. */
export type Framed = {
  readonly traffic: Traffic
  readonly from: number
  readonly headEnd: number
  readonly end: number
}

/** `partial`: its end has not come yet. `unusual`: something for a real parser. */
export type Frame = Framed | 'partial' | 'unusual'

const emptyLine = Buffer.from('\r\n\r\n')
/** Node's own limit for a head. */
const headBytes = 16_384
/** Larger ones are rare enough for the real parser. */
const bodyBytes = 65_536

/** What decides where a request ends, or what its connection is used for afterwards. */
const decisive = ['content-length', 'transfer-encoding', 'upgrade', 'expect', 'trailer'].map(anyCase)
const notDecisive = `(?!(?:${decisive.join('|')}):|${anyCase('connection')}:(?! ?keep-alive(?:\\r|$)))`
const plainHeaders = `(?:\\r\\n${notDecisive}[\\w!#$%&'*+.^\`|~-]+:[^\\r\\n\\0]*)*`
const lengthHeader = `\\r\\n${anyCase('content-length')}:[ \\t]*(\\d{1,6})[ \\t]*`

/**
 * Nothing but what every parser reads in the same way: anything else is left to Node's. In one pass, and without a flag for
 * upper and lower case, which methods have not: this runs for each refusal. Each header can match in one place only, so that a head
 * that fails does so in time proportional to its length.
 */
const plainHead = new RegExp(
  `^(${httpMethods.join('|')}) (/[!-~]*) HTTP/1\\.1${plainHeaders}(?:${lengthHeader}${plainHeaders})?$`,
)

/** The request that begins at `from`. Whoever asks again mostly sends the same head again, so `before` is compared first. */
export function frame(bytes: Buffer, from: number, trafficOf: TrafficOf, before?: Framed): Frame {
  if (before && isRepeated(bytes, from, before)) {
    const offset = from - before.from
    return wholeOf(bytes, before.traffic, from, before.headEnd + offset, before.end + offset)
  }
  const lineEnd = bytes.indexOf(emptyLine, from)
  if (lineEnd < 0) return bytes.length - from > headBytes ? 'unusual' : 'partial'
  if (lineEnd - from > headBytes) return 'unusual'
  const found = plainHead.exec(bytes.toString('latin1', from, lineEnd))
  if (!found) return 'unusual'
  const [, method = '', url = '', length = '0'] = found
  if (Number(length) > bodyBytes) return 'unusual'
  const headEnd = lineEnd + emptyLine.length
  return wholeOf(bytes, trafficOf(method, url), from, headEnd, headEnd + Number(length))
}

function isRepeated(bytes: Buffer, from: number, before: Framed): boolean {
  const headEnd = from + before.headEnd - before.from
  return headEnd <= bytes.length && bytes.compare(bytes, before.from, before.headEnd, from, headEnd) === 0
}

function wholeOf(bytes: Buffer, traffic: Traffic, from: number, headEnd: number, end: number): Frame {
  return end > bytes.length ? 'partial' : { traffic, from, headEnd, end }
}

/** The name as a pattern that does not mind its case. */
function anyCase(name: string): string {
  return name.replaceAll(/[a-z]/g, (letter) => `[${letter}${letter.toUpperCase()}]`)
}
