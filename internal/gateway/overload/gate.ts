import type { Socket } from 'node:net'
import type { Admission } from './admission.ts'
import { frame, type Framed } from './framing.ts'
import { refusalBytes } from './refusal-bytes.ts'
import { trafficOf } from './traffic.ts'

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
  /** Makes it a connection of Node's HTTP server. */
  readonly attach: (socket: Socket) => void
  readonly silenceMs: number
}

type DataListener = (chunk: Buffer) => void

/** What is not whole by then is for the real parser, which has a limit for slow heads and one for slow bodies. */
const wholeWithinMs = 1_000

/** Held back while a request is worked on; then the client has to wait. */
const heldBytes = 65_536

const nothing = Buffer.alloc(0)

export function guard(socket: Socket, { admission, attach, silenceMs }: Options): Gate {
  let held: Buffer = nothing
  let isBusy = false
  /** Bytes at the beginning of `held` that came behind a request that was worked on. */
  let late = 0
  let http: DataListener | undefined
  const expectNothing = endWhenSilent(socket, silenceMs)
  socket.on('data', take)
  const patience = countDown(socket, wholeWithinMs, () => handOver(0, undefined))

  function take(chunk: Buffer): void {
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk])
    if (!isBusy) advance()
    else if (held.length > heldBytes) socket.pause()
  }

  function advance(): void {
    let [from, refused] = [0, 0]
    let request = frame(held, from)
    while (request !== 'partial') {
      const next = request === 'unusual' ? 'partial' : frame(held, request.end)
      if (request === 'unusual' || isAdmitted(admission, request, from < late && next !== 'partial')) {
        if (refused > 0) socket.write(refusalBytes(refused))
        handOver(from, request === 'unusual' ? undefined : request.end)
        return
      }
      from = request.end
      refused++
      request = next
    }
    held = held.subarray(from)
    if (refused > 0) socket.write(refusalBytes(refused))
    if (from > 0 || held.length === 0) patience.stop()
    if (held.length > 0) patience.start()
  }

  /** Without an end only the parser knows where it is, and has the connection to itself from there on. */
  function handOver(from: number, end: number | undefined): void {
    patience.stop()
    if (!http) {
      expectNothing()
      http = attached(socket, attach, take)
    }
    const given = held.subarray(from, end)
    held = end === undefined ? nothing : held.subarray(end)
    isBusy = true
    if (end === undefined) {
      socket.removeListener('data', take)
      socket.on('data', http)
    }
    http.call(socket, given)
  }

  return {
    next() {
      isBusy = false
      if (socket.destroyed) return
      late = held.length
      advance()
      late = 0
      if (held.length <= heldBytes) socket.resume()
    },
  }
}

/**
 * Of what had to wait behind another only the newest gets a place: the others are late already, and each that was
 * worked on would make those behind it later still.
 */
function isAdmitted(admission: Admission, { method, url }: Framed, isLate: boolean): boolean {
  const traffic = trafficOf(method, url)
  return isLate && admission.isOverloaded() ? admission.yields(traffic) : admission.admits(traffic)
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
