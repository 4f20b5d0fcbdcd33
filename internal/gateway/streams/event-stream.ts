import { Readable } from 'node:stream'

/** Its id, where the stream goes on from one, is what a client sends back as Last-Event-ID when it connects again. */
export type StreamEvent = { readonly id?: string; readonly event: string; readonly data: object }

/** The body of one answer of server-sent events (HTML, 9.2). */
export type EventStream = {
  readonly body: Readable
  readonly send: (event: StreamEvent) => void
  /** Tells the client from where to go on, before there is any event. */
  readonly mark: (id: string) => void
  /** Keeps proxies from closing a connection on which nothing happens. */
  readonly beat: () => void
  /** Whether so much waits for the client that it gets nothing more until it has read. */
  readonly isFull: () => boolean
  readonly end: () => void
}

/** What waits here for a client that is slow. The socket keeps about as much again. */
const mostWaitingBytes = 16_384
/** How long clients wait before they connect again, unless they know better. */
const reconnectAfterMs = 2_000

export function eventStream(): EventStream {
  const body = new Readable({ highWaterMark: mostWaitingBytes, read: () => undefined })
  const write = (text: string): void => {
    if (!body.destroyed && !body.readableEnded) body.push(text)
  }
  let isEnded = false
  write(`retry: ${reconnectAfterMs}\n\n`)
  return {
    body,
    // JSON has no line feeds, so one line of data is enough.
    send: ({ id, event, data }) =>
      write(`${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`),
    mark: (id) => write(`id: ${id}\n\n`),
    beat: () => write(':\n\n'),
    isFull: () => body.readableLength >= mostWaitingBytes,
    end() {
      if (isEnded || body.destroyed) return
      isEnded = true
      body.push(null)
    },
  }
}
