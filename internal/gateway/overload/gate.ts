import type { Socket } from 'node:net'
import { readingOf } from './reading.ts'
import { refuseFrom, type Admits } from './refuse-from.ts'
import type { TrafficOf } from './traffic.ts'

/**
 * Guards one connection that was opened during an overload. A refused request is answered without Node's HTTP parser,
 * which saves most of the cost. An admitted request is handed to Node's HTTP server alone; the requests behind it have
 * to wait for its answer anyway.
 */
export type Gate = {
  /** Is called when Node's HTTP server has answered the request that it was given. */
  readonly next: () => void
  /**
   * Whether the request that Node's HTTP server has just read is the one that was admitted here. It is true once for
   * each; whatever else Node reads from the connection has to ask for admission.
   */
  readonly hasAdmitted: () => boolean
}

type Options = {
  readonly admits: Admits
  readonly trafficOf: TrafficOf
  /** Hands the socket to Node's HTTP server. */
  readonly attach: (socket: Socket) => void
  readonly silenceMs: number
}

type DataListener = (chunk: Buffer) => void

/**
 * A request that is still incomplete then is left to Node's parser, which has limits for slow heads and slow bodies.
 */
const wholeWithinMs = 1_000

const nothing = Buffer.alloc(0)

export function guard(socket: Socket, { admits, trafficOf, attach, silenceMs }: Options): Gate {
  let held: Buffer = nothing
  /** `full` means that the client has not read the earlier answers, so nothing more is read of it meanwhile. */
  let state: 'open' | 'busy' | 'full' | 'left' = 'open'
  const admitted = ticket()
  let http: DataListener | undefined
  const reading = readingOf(socket)
  const expectNothing = endWhenSilent(socket, silenceMs)
  socket.on('data', take)
  const patience = countDown(socket, wholeWithinMs, () => leave(0))

  function take(chunk: Buffer): void {
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk])
    if (state === 'busy' || state === 'full') reading.stop()
    else next()
  }

  function next(): void {
    if (state === 'left' || socket.destroyed) return
    state = 'open'
    const { refused, from, found } = refuseFrom(socket, held, admits, trafficOf)
    if (found === 'full') waitForReader(from)
    else if (found === 'unusual') leave(from)
    else if (found === 'partial') wait(from, refused)
    else handOver(from, found.end)
  }

  /** Reads nothing until what was answered has been sent. Clients that never read are closed by guardConnections. */
  function waitForReader(from: number): void {
    held = without(held, from)
    state = 'full'
    patience.stop()
    reading.stop()
    socket.once('drain', next)
  }

  function wait(from: number, refused: number): void {
    held = without(held, from)
    if (from > 0 || held.length === 0) patience.stop()
    if (held.length > 0) patience.start()
    // A client that does not wait for answers gets many refusals at once: reading less often makes that cheaper.
    if (refused > 1) reading.rest()
    else reading.start()
  }

  /** Hands one request to Node's HTTP server, and stops reading until it is answered. */
  function handOver(from: number, end: number): void {
    state = 'busy'
    admitted.give()
    reading.stop()
    give(from, end)
  }

  /**
   * Only Node's parser knows where these requests end, so the gate leaves the connection to it from here on. Each of
   * them asks for admission when it has been read.
   */
  function leave(from: number): void {
    state = 'left'
    give(from, held.length)
    socket.removeListener('data', take)
    if (http) socket.on('data', http)
    reading.start()
  }

  function give(from: number, end: number): void {
    patience.stop()
    http ??= attached(socket, attach, take, expectNothing)
    const given = held.subarray(from, end)
    held = without(held, end)
    http.call(socket, given)
  }

  return { next, hasAdmitted: () => admitted.take() }
}

/** A sign that is given for one request, and that is gone when it is taken. */
function ticket() {
  let isGiven = false
  return {
    give: () => void (isGiven = true),
    take(): boolean {
      const was = isGiven
      isGiven = false
      return was
    },
  }
}

/** The rest is copied, because a slice that is kept for long would keep the whole buffer in memory. */
function without(bytes: Buffer, end: number): Buffer {
  return end === bytes.length ? nothing : Buffer.from(bytes.subarray(end))
}

/** A timer that stops with its connection. Starting it while it runs has no effect. */
function countDown(socket: Socket, ms: number, over: () => void) {
  let timer: NodeJS.Timeout | undefined
  const stop = (): void => {
    clearTimeout(timer)
    timer = undefined
  }
  const start = (): void => void (timer ??= setTimeout(over, ms))
  socket.once('close', stop)
  return { start, stop }
}

/** Until Node's HTTP server has the connection, this closes it when it stays silent or when its client ends it. */
function endWhenSilent(socket: Socket, silenceMs: number): () => void {
  const giveUp = (): void => void socket.destroy()
  const end = (): void => void socket.end()
  socket.on('error', ignore)
  socket.setTimeout(silenceMs, giveUp)
  socket.on('end', end)
  return () => {
    socket.removeListener('timeout', giveUp)
    socket.removeListener('end', end)
    socket.setTimeout(0)
  }
}

/**
 * Attaches the connection to Node's HTTP server, which then reads only the bytes that are passed to the returned
 * listener.
 */
function attached(
  socket: Socket,
  attach: Options['attach'],
  take: DataListener,
  expectNothing: () => void,
): DataListener {
  expectNothing()
  socket.removeListener('data', take)
  attach(socket)
  const [http] = socket.listeners('data') as DataListener[] // Node's own is the only one
  if (!http) throw new Error('the HTTP server does not listen to its connection')
  // Adding our own listener makes Node's parser give up reading from the handle. It gets only what we pass on.
  socket.on('data', take)
  socket.removeListener('data', http)
  return http
}

function ignore(): void {
  // `close` follows when a connection breaks.
}
