import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** Far more than a client has that sends requests without waiting for answers. */
const mostUnanswered = 64

/**
 * True when a connection has more requests unanswered than that. Node reads all that have come in one piece, so a few
 * connections could otherwise bring thousands that are worked on before anybody else's.
 */
export function countUnanswered(): (socket: Socket, response: ServerResponse) => boolean {
  const unanswered = new WeakMap<Socket, number>()
  return (socket, response) => {
    const count = (unanswered.get(socket) ?? 0) + 1
    if (count > mostUnanswered) return true
    unanswered.set(socket, count)
    response.once('close', () => unanswered.set(socket, (unanswered.get(socket) ?? 1) - 1))
    return false
  }
}
