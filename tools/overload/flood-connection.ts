import { connect, type Socket } from 'node:net'

/** The outcome of one request. */
export type Outcome = {
  readonly status: number
  readonly hasRetryAfter: boolean
  /** Counted from when the request was due, not from when it could be sent. */
  readonly ms: number
}

export type FloodConnection = {
  /** Sends bytes that contain `count` requests, which were due at `at`. The answers come in their order. */
  readonly send: (bytes: Buffer, count: number, at: number) => void
  readonly open: () => number
  readonly close: () => void
}

type Batch = { readonly at: number; left: number }

type Options = {
  readonly host: string
  readonly port: number
  /** Called for `count` requests that were due together and got the same answer together. */
  readonly onAnswers: (outcome: Outcome, count: number) => void
  /** Called when the server has closed the connection before it has answered so many requests. */
  readonly onCut: (unanswered: number) => void
}

type Answer = { readonly status: number; readonly hasRetryAfter: boolean }

/**
 * All connections share one buffer, because each handles what it reads at once. A stream would make a buffer for each
 * read.
 */
const readBuffer = Buffer.alloc(65_536)

/**
 * A keep-alive connection with pipelined requests, which is opened again when the server has closed it. An HTTP client
 * would need several times the CPU time of the refusals that it provokes.
 */
export function openFloodConnection({ host, port, onAnswers, onCut }: Options): FloodConnection {
  let batches: Batch[] = []
  let socket = dial()
  let isClosed = false

  function dial(): Socket {
    const read = answerReader(settle)
    const callback = (length: number): boolean => {
      read(readBuffer.toString('latin1', 0, length))
      return true
    }
    const dialed = connect({ host, port, noDelay: true, onread: { buffer: readBuffer, callback } })
    dialed.on('error', () => dialed.destroy())
    dialed.once('close', () => {
      if (isClosed || dialed !== socket) return
      const unanswered = batches.reduce((sum, { left }) => sum + left, 0)
      batches = []
      if (unanswered > 0) onCut(unanswered)
      // The connection is opened again at the next request, because it is not needed before.
    })
    return dialed
  }

  function settle({ status, hasRetryAfter }: Answer, count: number): void {
    const now = performance.now()
    let left = count
    for (let batch = batches[0]; batch && left > 0; batch = batches[0]) {
      const settled = Math.min(left, batch.left)
      left -= settled
      batch.left -= settled
      if (batch.left === 0) batches.shift()
      onAnswers({ status, hasRetryAfter, ms: now - batch.at }, settled)
    }
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

/** Finds the answers in the bytes, and reports equal ones that follow each other together. */
function answerReader(onAnswers: (answer: Answer, count: number) => void): (chunk: string) => void {
  let text = ''
  /** The whole text of the last refusal, because the next one is most likely the same. */
  let known: Answer & { readonly text: string } = { text: '', hasRetryAfter: false, status: 0 }
  return (chunk) => {
    text = text === '' ? chunk : text + chunk
    let from = 0
    for (;;) {
      let repeated = 0
      for (; known.text !== '' && text.startsWith(known.text, from); from += known.text.length) repeated++
      if (repeated > 0) onAnswers(known, repeated)
      const answer = readAnswer(text, from)
      if (!answer) break
      if (answer.status === 503) known = { ...answer, text: text.slice(from, answer.end) }
      from = answer.end
      onAnswers(answer, 1)
    }
    text = text.slice(from)
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
