import type { ServerResponse } from 'node:http'
import { problemOf, problemHeaders } from '../problem.ts'
import { overloaded } from './admission.ts'

// All of this is prepared in advance, because a refusal must cost next to nothing.

const refusal = overloaded()
const { instance: _, requestId: __, ...problem } = problemOf(refusal, { path: '', requestId: '' })
const body = Buffer.from(JSON.stringify(problem))
const headers = Object.entries({
  'content-type': 'application/problem+json; charset=utf-8',
  'content-length': String(body.length),
  'x-content-type-options': 'nosniff',
  ...problemHeaders(refusal),
})

const closingHeaders = [...headers, ['connection', 'close'] as const].flat()
const keepingHeaders = headers.flat()

/** The whole answer as bytes, for a connection that Node's HTTP server does not have. */
const bytes = Buffer.concat([
  Buffer.from(
    [
      `HTTP/1.1 ${problem.status} ${problem.title}`,
      ...headers.map(([name, value]) => `${name}: ${value}`),
      '',
      '',
    ].join('\r\n'),
  ),
  body,
])

const most = 64
const repeated = Array.from({ length: most + 1 }, (_one, count) =>
  Buffer.concat(Array.from({ length: count }, () => bytes)),
)

/** The bytes of `count` refusals. */
export function refusalBytes(count: number): Buffer {
  return repeated[count] ?? Buffer.concat(Array.from({ length: count }, () => bytes))
}

export function refuseBefore(response: ServerResponse, isLast: boolean): void {
  response.writeHead(problem.status, isLast ? closingHeaders : keepingHeaders)
  response.end(body)
}
