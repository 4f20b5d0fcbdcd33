import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Admission } from './admission.ts'
import { guardConnections, type ConnectionLimits } from './connections.ts'
import { guard, type Gate } from './gate.ts'
import { countUnanswered } from './pipeline.ts'
import { refuseBefore } from './refusal-bytes.ts'
import type { Traffic, TrafficOf } from './traffic.ts'

/**
 * More connections than a browser or a small pool opens; beyond them new connections get a gate. If they were closed
 * at their first refusal instead, Node would accept them again one by one in a busy event loop, which takes seconds.
 */
const burst = { connections: 128, withinMs: 1_000 }

export type Handle = (request: IncomingMessage, response: ServerResponse) => void

/** Long enough for the slowest mobile line, but too short for somebody who wants to keep connections occupied. */
const timeouts = {
  headersTimeout: 10_000,
  /** Enough for the largest body at 9 KB/s. */
  requestTimeout: 30_000,
  connectionsCheckingInterval: 1_000,
  /** Longer than load balancers keep an idle connection, so that they are the ones that close it. */
  keepAliveTimeout: 72_000,
} as const

export type FrontOptions = {
  readonly admission: Admission
  readonly trafficOf: TrafficOf
  readonly limits: ConnectionLimits
  /** Undefined behind a proxy, where a connection's address says nothing about who sends a request. */
  readonly addressOf: ((socket: Socket) => string) | undefined
}

/** The HTTP server in front of Fastify. A request that is refused here costs no route, no token and no log line. */
export function openFront({ admission, trafficOf, limits, addressOf }: FrontOptions, handle: Handle): Server {
  const gates = new WeakMap<Socket, Gate>()
  const refuseLast = closingRefusals()
  const isTooMuch = countUnanswered()

  const admits = (socket: Socket, traffic: Traffic, givesWay: boolean): boolean => {
    const address = admission.isShared(traffic) ? addressOf?.(socket) : undefined
    return admission.admits(traffic, { address, givesWay })
  }

  // Fastify answers a request without Host as it answers others that are wrong; Node's answer would have no body.
  const server = createServer({ ...timeouts, requireHostHeader: false }, (request, response) => {
    const { socket, method = '', url = '' } = request
    if (isTooMuch(socket, response)) {
      socket.destroy()
      return
    }
    const gate = gates.get(socket)
    if (gate?.hasAdmitted() === true) response.once('close', gate.next)
    else if (!admits(socket, trafficOf(method, url), false)) {
      refuseLast(socket, response)
      return
    }
    handle(request, response)
  })
  // The same for an expectation that nobody fulfils.
  server.on('checkExpectation', (request, response) => server.emit('request', request, response))

  const [attach] = server.listeners('connection') as ((this: Server, socket: Socket) => void)[] // Node's own
  if (!attach) throw new Error('the HTTP server does not listen for connections')
  server.removeListener('connection', attach)
  const isWelcome = guardConnections(server, limits)
  const isBurst = countBurst()
  server.on('connection', (socket: Socket) => {
    if (!isWelcome(socket)) return
    if (!isBurst() && !admission.isOverloaded()) attach.call(server, socket)
    else {
      const gate = guard(socket, {
        admits: (traffic, givesWay) => admits(socket, traffic, givesWay),
        trafficOf,
        silenceMs: timeouts.headersTimeout,
        attach: (one) => attach.call(server, one),
      })
      gates.set(socket, gate)
    }
  })
  return server
}

/**
 * Whether many connections have been opened lately, including this one. So a flood is noticed before its first
 * request.
 */
function countBurst(): () => boolean {
  let [opened, since] = [0, -Infinity]
  return () => {
    const now = performance.now()
    if (now - since > burst.withinMs) [opened, since] = [0, now]
    return ++opened > burst.connections
  }
}

/**
 * Closes a connection after the refusals for everything that it has sent so far. Node's HTTP parser already has this
 * connection, so it cannot get a gate any more. When its client connects again during the overload, the new connection
 * gets one.
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
