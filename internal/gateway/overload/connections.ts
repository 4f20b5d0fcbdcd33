import type { Server } from 'node:http'
import type { Socket } from 'node:net'

export type ConnectionLimits = {
  readonly total: number
  /**
   * For one address. Behind a proxy it equals `total`, because the proxy's address has the connections of all clients.
   */
  readonly perAddress: number
}

const sweepEveryMs = 2_000
/** A connection is closed when its client reads nothing of its answer for so many sweeps. */
const stalledSweeps = 5
/** A connection that was just opened may still be about to send its first request. */
const evictAfterMs = 1_000

type State = { readonly openedAt: number; waiting: number; stalled: number }

/** Returns whether a new connection may stay. Closes connections that only occupy a place. */
export function guardConnections(server: Server, limits: ConnectionLimits): (socket: Socket) => boolean {
  const open = new Map<Socket, State>()
  const byAddress = new Map<string, number>()
  server.maxConnections = limits.total

  // A server that never listens is never closed either, and its timer would keep it in memory.
  server.once('listening', () => {
    const sweep = setInterval(() => endStalled(open), sweepEveryMs).unref()
    server.once('close', () => clearInterval(sweep))
  })

  let evictedAt = 0
  // There is no room for another connection, so those that are not used are closed.
  server.on('drop', () => {
    const now = performance.now()
    if (now - evictedAt < evictAfterMs) return
    evictedAt = now
    server.closeIdleConnections()
    // Node does not count a connection as idle that has never sent a request.
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

/** Closes connections on which the bytes that wait to be sent do not become fewer. */
function endStalled(open: ReadonlyMap<Socket, State>): void {
  for (const [socket, state] of open) {
    const waiting = socket.writableLength
    state.stalled = waiting > 0 && waiting >= state.waiting ? state.stalled + 1 : 0
    state.waiting = waiting
    if (state.stalled >= stalledSweeps) socket.destroy()
  }
}
