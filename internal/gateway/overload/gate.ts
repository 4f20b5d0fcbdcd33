import type { Socket } from 'node:net'
import type { Admission } from './admission.ts'
import { frame, type Framed } from './framing.ts'
import { readingOf } from './reading.ts'
import { refusalBytes } from './refusal-bytes.ts'
import type { TrafficOf } from './traffic.ts'

/**
 * Stands before one connection that came while there was too much to do. A request that is not let in is answered
 * from its bytes, for a tenth of what Node's HTTP costs before any of our code runs; one that is let in is handed
 * to HTTP, alone: what comes behind it could not be answered earlier anyway.
 */
export type Gate = {
  /** HTTP has answered what it was given. */
  readonly next: () => void
}

type Options = {
  readonly admission: Admission
  readonly trafficOf: TrafficOf
  /** Hands the socket to Node's HTTP server. */
  readonly attach: (socket: Socket) => void
  readonly silenceMs: number
}

type DataListener = (chunk: Buffer) => void

/** What is not whole by then is for the real parser, which has a limit for slow heads and one for slow bodies. */
const wholeWithinMs = 1_000

/**
 * Of what has come together only the newest get a place while there is too much: the others are late already, and each that was worked on
 * would make those behind it later still. The second is at hand when the first is answered, without a read and a write in between.
 */
const worthwhile = 2

const nothing = Buffer.alloc(0)

export function guard(socket: Socket, { admission, trafficOf, attach, silenceMs }: Options): Gate {
  let held: Buffer = nothing
  let state: 'open' | 'busy' | 'left' = 'open'
  let http: DataListener | undefined
  const reading = readingOf(socket)
  const expectNothing = endWhenSilent(socket, silenceMs)
  socket.on('data', take)
  const patience = countDown(socket, wholeWithinMs, () => leave(0))

  function take(chunk: Buffer): void {
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk])
    if (state === 'busy') reading.stop()
    else advance()
  }

  function advance(): void {
    const { refused, from, next } = sift(held, admission, trafficOf)
    if (refused > 0) socket.write(refusalBytes(refused))
    if (next === 'unusual') leave(from)
    else if (next === 'partial') wait(from, refused)
    else handOver(from, next.end)
  }

  function wait(from: number, refused: number): void {
    held = without(held, from)
    if (from > 0 || held.length === 0) patience.stop()
    if (held.length > 0) patience.start()
    // Whoever asks without waiting for the answers is answered for many requests at once.
    if (refused > 1) reading.rest()
    else reading.start()
  }

  /** One request; what comes behind it could not be answered earlier anyway, and is not even read. */
  function handOver(from: number, end: number): void {
    state = 'busy'
    reading.stop()
    give(from, end)
  }

  /** Only a real parser knows where these requests end, so that it has the connection to itself from there on. */
  function leave(from: number): void {
    state = 'left'
    give(from, held.length)
    socket.removeListener('data', take)
    if (http) socket.on('data', http)
    reading.start()
  }

  function give(from: number, end: number): void {
    patience.stop()
    if (!http) {
      expectNothing()
      http = attached(socket, attach, take)
    }
    const given = held.subarray(from, end)
    held = without(held, end)
    http.call(socket, given)
  }

  return {
    next() {
      if (state === 'left' || socket.destroyed) return
      state = 'open'
      advance()
    },
  }
}

/** A copy: the little that is kept for long must not keep all that was read with it. */
function without(bytes: Buffer, end: number): Buffer {
  return end === bytes.length ? nothing : Buffer.from(bytes.subarray(end))
}

/** The first requests are refused, `next` is not; `from` is where it begins. */
function sift(bytes: Buffer, admission: Admission, trafficOf: TrafficOf) {
  /** As many as must be known to judge the first of them: the others may still be judged in another state. */
  const ahead: Framed[] = []
  let [refused, from] = [0, 0]
  let behind = frame(bytes, 0, trafficOf)
  for (;;) {
    for (
      ;
      typeof behind === 'object' && ahead.length <= worthwhile;
      behind = frame(bytes, behind.end, trafficOf, behind)
    )
      ahead.push(behind)
    const next = ahead.shift()
    if (!next) return { refused, from, next: behind }
    if (admission.admits(next.traffic, ahead.length >= worthwhile)) return { refused, from, next }
    refused++
    from = next.end
  }
}

/** Starting it again changes nothing while it runs; it stops with its connection. */
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

/** A connection that Node's HTTP does not have yet: it must say something, and end when its client ends it. */
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

/** Makes Node's HTTP read this connection, but only what it is given by calling the listener that this answers. */
function attached(socket: Socket, attach: Options['attach'], take: DataListener): DataListener {
  socket.removeListener('data', take)
  attach(socket)
  const [http] = socket.listeners('data') as DataListener[] // Node's own, the only one
  if (!http) throw new Error('the HTTP server does not listen to its connection')
  // With a listener of ours Node's parser lets go of the handle; what we do not pass on it does not get.
  socket.on('data', take)
  socket.removeListener('data', http)
  return http
}

function ignore(): void {
  // A connection that breaks is gone; `close` follows.
}
