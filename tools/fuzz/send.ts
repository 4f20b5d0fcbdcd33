import { connect } from 'node:net'
import type { FuzzRequest } from './make-request.ts'

export type FuzzAnswer = {
  readonly status: number
  readonly headers: ReadonlyMap<string, string>
  readonly body: Buffer
}

/** Longer than any answer may take, on a machine that has other work too. */
export const hangMs = 15_000

/** Sends the exact bytes on a connection of its own, because HTTP clients refuse to send what a server must survive. */
export function send(url: URL, request: FuzzRequest): Promise<FuzzAnswer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    const socket = connect(Number(url.port || 80), url.hostname)
    const timer = setTimeout(() => end(new Error(`no answer within ${hangMs} ms`)), hangMs)
    const end = (err?: Error): void => {
      clearTimeout(timer)
      socket.destroy()
      try {
        if (err && chunks.length === 0) throw err
        resolve(readAnswer(Buffer.concat(chunks), request.method))
      } catch (failure) {
        reject(failure instanceof Error ? failure : new Error(String(failure)))
      }
    }
    socket.on('data', (chunk) => {
      chunks.push(chunk)
      // A stream goes on for as long as somebody reads it.
      if (isStream(chunks)) end()
    })
    // A server may answer and close the connection before it has read everything.
    socket.on('error', end)
    socket.on('close', () => end())
    socket.write(bytesOf(url, request))
  })
}

const isStream = (chunks: readonly Buffer[]): boolean =>
  /^content-type: text\/event-stream[^]*\r\n\r\n/im.test(Buffer.concat(chunks).toString('latin1', 0, 4_096))

export function bytesOf(url: URL, { method, target, headers, body }: FuzzRequest): Buffer {
  const lines = [
    `${method} ${target} HTTP/1.1`,
    ...(headers.some(([name]) => name === 'host') ? [] : [`host: ${url.host}`]),
    'connection: close',
    ...headers.map(([name, value]) => `${name}: ${value}`),
    ...(body ? [`content-length: ${body.length}`] : []),
  ]
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), body ?? Buffer.alloc(0)])
}

function readAnswer(bytes: Buffer, method: string): FuzzAnswer {
  const headEnd = bytes.indexOf('\r\n\r\n')
  const [line = '', ...rest] = bytes.toString('latin1', 0, Math.max(0, headEnd)).split('\r\n')
  const status = /^HTTP\/1\.1 (\d{3})/.exec(line)?.[1]
  if (status === undefined)
    throw new Error(`no HTTP answer: ${JSON.stringify(bytes.toString('latin1', 0, 100))}`)
  const headers = new Map(
    rest.map((text) => {
      const colon = text.indexOf(':')
      return [text.slice(0, colon).toLowerCase(), text.slice(colon + 1).trim()] as const
    }),
  )
  const body = bodyOf(bytes.subarray(headEnd + 4), headers)
  const length = headers.get('content-length')
  if (length !== undefined && method !== 'HEAD' && Number(length) !== body.length)
    throw new Error(`content-length is ${length}, and ${body.length} bytes came`)
  return { status: Number(status), headers, body }
}

function bodyOf(bytes: Buffer, headers: ReadonlyMap<string, string>): Buffer {
  if (headers.get('transfer-encoding') !== 'chunked') return bytes
  const parts: Buffer[] = []
  for (let from = 0; ;) {
    const lineEnd = bytes.indexOf('\r\n', from)
    const size = Number.parseInt(bytes.toString('latin1', from, lineEnd), 16)
    if (lineEnd < 0 || !(size > 0)) return Buffer.concat(parts)
    parts.push(bytes.subarray(lineEnd + 2, lineEnd + 2 + size))
    from = lineEnd + 2 + size + 2
  }
}
