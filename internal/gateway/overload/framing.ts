import { httpMethods } from '../http-methods.ts'
import type { Traffic, TrafficOf } from './traffic.ts'

/** A whole request within a buffer. Only its first line and its length have been looked at. */
export type Framed = {
  readonly traffic: Traffic
  readonly from: number
  readonly headEnd: number
  readonly end: number
}

/** `partial` means that the request's end has not arrived yet, `unusual` that only Node's parser can read it. */
export type Frame = Framed | 'partial' | 'unusual'

const emptyLine = Buffer.from('\r\n\r\n')
/** Node's limit for the head of a request. */
const headBytes = 16_384
/** Requests with larger bodies are rare enough for Node's parser. */
const bodyBytes = 65_536

/** The headers that decide where a request ends or what its connection is used for afterwards. */
const decisive = ['content-length', 'transfer-encoding', 'upgrade', 'expect', 'trailer'].map(anyCase)
const notDecisive = `(?!(?:${decisive.join('|')}):|${anyCase('connection')}:(?! ?keep-alive(?:\\r|$)))`
const plainHeaders = `(?:\\r\\n${notDecisive}[\\w!#$%&'*+.^\`|~-]+:[^\\r\\n\\0]*)*`
const lengthHeader = `\\r\\n${anyCase('content-length')}:[ \\t]*(\\d{1,6})[ \\t]*`

/**
 * Matches only heads that every parser reads in the same way; all others are left to Node's parser. It has no flag for
 * ignoring case, because methods are case-sensitive. It runs for each refusal, so it must be fast: each header can
 * match in one way only, so that even a head that does not match takes time proportional to its length.
 */
const plainHead = new RegExp(
  `^(${httpMethods.join('|')}) (/[!-~]*) HTTP/1\\.1${plainHeaders}(?:${lengthHeader}${plainHeaders})?$`,
)

/**
 * The request that begins at `from`. It is first compared with `before`, because a client mostly sends the same head
 * again.
 */
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

/** Makes a pattern that matches the name in upper and lower case. */
function anyCase(name: string): string {
  return name.replaceAll(/[a-z]/g, (letter) => `[${letter}${letter.toUpperCase()}]`)
}
