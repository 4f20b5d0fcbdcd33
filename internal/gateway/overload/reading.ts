import type { Socket } from 'node:net'

/**
 * Starts and stops the reading of a connection. Unread bytes wait in the kernel and, when that is full, at the client.
 */
export type Reading = {
  readonly start: () => void
  readonly stop: () => void
  /** Stops reading and starts again after a while. */
  readonly rest: () => void
}

/** Long enough for many requests to arrive in one read, and short enough for a refusal to arrive within a second. */
const restMs = 200

/**
 * This is not in Socket's type. Node's pause() would go on reading, at the same cost, until its buffer of 64 KB is
 * full.
 */
type Handled = {
  readonly _handle?: { readonly readStart: () => void; readonly readStop: () => void } | null
}

export function readingOf(socket: Socket): Reading {
  const handled: Handled = socket as Handled
  let resting: NodeJS.Timeout | undefined
  // A closed connection has no handle any more.
  const start = (): void => {
    clearTimeout(resting)
    handled._handle?.readStart()
  }
  const stop = (): void => {
    clearTimeout(resting)
    handled._handle?.readStop()
  }
  return {
    start,
    stop,
    rest() {
      stop()
      resting = setTimeout(start, restMs)
    },
  }
}
