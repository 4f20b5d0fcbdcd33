import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Admission } from './admission.ts'
import { guardConnections, type ConnectionLimits } from './connections.ts'
import { guard, type Gate } from './gate.ts'
import { refuseBefore } from './refusal-bytes.ts'
import type { TrafficOf } from './traffic.ts'

/**
 * More than a browser or a small pool opens. Were they closed at their first refusal, Node would accept them again one
 * by one, in turns of a full event loop: that takes seconds.
 */
const burst = { connections: 128, withinMs: 1_000 }

export type Handle = (request: IncomingMessage, response: ServerResponse) => void

/** Slow enough for the worst mobile line, and too fast to hold a connection for a living. */
const timeouts = {
  headersTimeout: 10_000,
  /** 512 KB at 17 KB/s. */
  requestTimeout: 30_000,
  connectionsCheckingInterval: 1_000,
  /** Longer than load balancers keep an idle connection, so that it is they who close it. */
  keepAliveTimeout: 72_000,
} as const

/** The HTTP server before Fastify: who is not let in costs no route, no token and no log. */
export function openFront(
  admission: Admission,
  trafficOf: TrafficOf,
  limits: ConnectionLimits,
  handle: Handle,
): Server {
  const gates = new WeakMap<Socket, Gate>()
  const refuseLast = closingRefusals()

  const server = createServer(timeouts, (request, response) => {
    const gate = gates.get(request.socket)
    if (gate) response.once('close', gate.next)
    else if (!admission.admits(trafficOf(request.method ?? '', request.url ?? ''))) {
      refuseLast(request.socket, response)
      return
    }
    handle(request, response)
  })

  const [attach] = server.listeners('connection') as ((this: Server, socket: Socket) => void)[] // Node's own
  if (!attach) throw new Error('the HTTP server does not listen for connections')
  server.removeListener('connection', attach)
  const isWelcome = guardConnections(server, limits)
  const isBurst = countBurst()
  server.on('connection', (socket: Socket) => {
    if (!isWelcome(socket)) return
    if (!isBurst() && !admission.isOverloaded()) attach.call(server, socket)
    else {
      const silenceMs = timeouts.headersTimeout
      gates.set(
        socket,
        guard(socket, { admission, trafficOf, silenceMs, attach: (one) => attach.call(server, one) }),
      )
    }
  })
  return server
}

/** Whether many connections have been opened of late, this one among them: a flood shows before its first request. */
function countBurst(): () => boolean {
  let [opened, since] = [0, -Infinity]
  return () => {
    const now = performance.now()
    if (now - since > burst.withinMs) [opened, since] = [0, now]
    return ++opened > burst.connections
  }
}

/**
 * A refused connection ends after what it has sent so far: when its client comes again, and there is still too much,
 * the new one gets a gate, which a connection that Node's HTTP already has cannot get any more.
 */
function closingRefusals(): (socket: Socket, response: ServerResponse) => void {
  const last = new Map<Socket, ServerResponse>()
  let isPlanned = false
  const closeAll = (): void => {
    isPlanned = false
    for (const response of last.values()) refuseBefore(response, true)
    last.clear()
  }
  return (socket, response) => {
    const earlier = last.get(socket)
    if (earlier) refuseBefore(earlier, false)
    last.set(socket, response)
    if (isPlanned) return
    isPlanned = true
    setImmediate(closeAll)
  }
}
