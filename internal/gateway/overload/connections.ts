import type { Server } from 'node:http'
import type { Socket } from 'node:net'

export type ConnectionLimits = {
  readonly total: number
  /** Of one address; a proxy in front has all its clients' connections, so then it is as many as there may be. */
  readonly perAddress: number
}

const sweepEveryMs = 2_000
/** A client that takes nothing of its answer for so long takes none of it any more. */
const stalledSweeps = 5
/** Whoever has just come may still be about to ask. */
const evictAfterMs = 1_000

type State = { readonly openedAt: number; waiting: number; stalled: number }

/** Whether a new connection may stay; and an end to those that only take a place. */
export function guardConnections(server: Server, limits: ConnectionLimits): (socket: Socket) => boolean {
  const open = new Map<Socket, State>()
  const byAddress = new Map<string, number>()
  server.maxConnections = limits.total

  const sweep = setInterval(() => endStalled(open), sweepEveryMs)
  sweep.unref()
  server.once('close', () => clearInterval(sweep))

  let evictedAt = 0
  // No place is left: those who do not use theirs make room for the next.
  server.on('drop', () => {
    const now = performance.now()
    if (now - evictedAt < evictAfterMs) return
    evictedAt = now
    server.closeIdleConnections()
    // To Node, a connection that has never asked is not idle.
    for (const [socket, { openedAt }] of open)
      if (socket.bytesRead === 0 && now - openedAt > evictAfterMs) socket.destroy()
  })

  return (socket) => {
    const address = socket.remoteAddress ?? ''
    const count = byAddress.get(address) ?? 0
    if (count >= limits.perAddress) {
      socket.destroy()
      return false
    }
    byAddress.set(address, count + 1)
    open.set(socket, { openedAt: performance.now(), waiting: 0, stalled: 0 })
    socket.once('close', () => {
      open.delete(socket)
      const left = (byAddress.get(address) ?? 1) - 1
      if (left === 0) byAddress.delete(address)
      else byAddress.set(address, left)
    })
    return true
  }
}

/** What waits to be sent and does not get less. */
function endStalled(open: ReadonlyMap<Socket, State>): void {
  for (const [socket, state] of open) {
    const waiting = socket.writableLength
    state.stalled = waiting > 0 && waiting >= state.waiting ? state.stalled + 1 : 0
    state.waiting = waiting
    if (state.stalled >= stalledSweeps) socket.destroy()
  }
}
