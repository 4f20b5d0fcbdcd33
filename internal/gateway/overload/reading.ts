import type { Socket } from 'node:net'

/** Whether a connection is read. What is not read waits in the kernel, and its client in the end. */
export type Reading = {
  readonly start: () => void
  readonly stop: () => void
  /** Stops, and starts again in a while. */
  readonly rest: () => void
}

/** Long enough for one read and one write to do for many requests; a refusal must be there within a second. */
const restMs = 200

/** Not in its type. Node's own pause() goes on reading until its buffer of 64 KB is full, as dearly as before. */
type Handled = {
  readonly _handle?: { readonly readStart: () => void; readonly readStop: () => void } | null
}

export function readingOf(socket: Socket): Reading {
  const handled: Handled = socket as Handled
  // A connection that is gone has no handle any more.
  const start = (): void => handled._handle?.readStart()
  const stop = (): void => handled._handle?.readStop()
  return {
    start,
    stop,
    rest() {
      stop()
      setTimeout(start, restMs)
    },
  }
}
