import { connect, type Socket } from 'node:net'

/** What came of one request. */
export type Outcome = {
  readonly status: number
  readonly hasRetryAfter: boolean
  /** Since it was due, not since it could be sent. */
  readonly ms: number
}

export type FloodConnection = {
  /** These bytes are so many requests, due at `at`; answers come in their order. */
  readonly send: (bytes: Buffer, count: number, at: number) => void
  readonly open: () => number
  readonly close: () => void
}

type Batch = { readonly at: number; left: number }

type Options = {
  readonly host: string
  readonly port: number
  readonly onAnswer: (outcome: Outcome) => void
  /** The server has ended the connection before it has answered so many. */
  readonly onCut: (unanswered: number) => void
}

/**
 * One keep-alive connection on which requests are pipelined, and that is opened again when the server closes it. An
 * HTTP client would cost several times what the refusals cost that it is to provoke.
 */
export function openFloodConnection({ host, port, onAnswer, onCut }: Options): FloodConnection {
  let batches: Batch[] = []
  let text = ''
  let socket = dial()
  let isClosed = false
  /** The last refusal, whole: the next one is most likely the same. */
  let known = { text: '', hasRetryAfter: false, status: 0 }

  function dial(): Socket {
    const dialed = connect(port, host)
    dialed.setNoDelay(true).setEncoding('latin1')
    dialed.on('data', (chunk: string) => read(chunk))
    dialed.on('error', () => dialed.destroy())
    dialed.once('close', () => {
      if (isClosed || dialed !== socket) return
      const unanswered = batches.reduce((sum, { left }) => sum + left, 0)
      batches = []
      text = ''
      if (unanswered > 0) onCut(unanswered)
      // At the next request: whoever has nothing to ask needs no connection.
    })
    return dialed
  }

  function read(chunk: string): void {
    text = text === '' ? chunk : text + chunk
    let from = 0
    const now = performance.now()
    for (;;) {
      if (known.text !== '' && text.startsWith(known.text, from)) {
        from += known.text.length
        settle(known, now)
        continue
      }
      const answer = readAnswer(text, from)
      if (!answer) break
      if (answer.status === 503) known = { ...answer, text: text.slice(from, answer.end) }
      from = answer.end
      settle(answer, now)
    }
    text = text.slice(from)
  }

  function settle({ status, hasRetryAfter }: { status: number; hasRetryAfter: boolean }, now: number): void {
    const batch = batches[0]
    if (!batch) return
    onAnswer({ status, hasRetryAfter, ms: now - batch.at })
    if (--batch.left === 0) batches.shift()
  }

  return {
    send(bytes, count, at) {
      if (socket.destroyed || socket.readableEnded) socket = dial()
      batches.push({ at, left: count })
      socket.write(bytes)
    },
    open: () => batches.reduce((sum, { left }) => sum + left, 0),
    close() {
      isClosed = true
      socket.destroy()
    },
  }
}

function readAnswer(text: string, from: number) {
  const headEnd = text.indexOf('\r\n\r\n', from)
  if (headEnd < 0) return undefined
  const head = text.slice(from, headEnd)
  const length = Number(/\r\ncontent-length: ?(\d+)/i.exec(head)?.[1] ?? 0)
  const end = headEnd + 4 + length
  if (end > text.length) return undefined
  return { status: Number(head.slice(9, 12)), hasRetryAfter: /\r\nretry-after: ?\d/i.test(head), end }
}
