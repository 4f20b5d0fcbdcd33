import { connect, createServer, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** What the proxy does to the bytes that it carries. */
export type LineMode =
  | { readonly kind: 'clear' }
  /** Everything arrives, this much later. */
  | { readonly kind: 'slow'; readonly delayMs: number }
  /** New connections are taken and nothing arrives, in either direction; nobody is told. */
  | { readonly kind: 'black-hole' }

export type TcpProxy = {
  readonly port: number
  readonly setMode: (mode: LineMode) => void
  /**
   * Resets as many connections in the middle of the server's answer: half of a chunk is passed on, then comes an RST.
   */
  readonly resetInAnswer: (connections: number) => void
  /**
   * Closes the server's ends of all connections without telling the clients. What they send from now on is swallowed.
   * Returns the number of these connections; new ones are not affected.
   */
  readonly halfOpen: () => number
  /** Resets the clients' ends of half-open connections and returns how many clients had not noticed before. */
  readonly endHalfOpen: () => number
  readonly counts: () => LineCounts
  readonly close: () => Promise<void>
}

export type LineCounts = {
  readonly open: number
  /** The number of half-open connections that their clients have not given up. */
  readonly halfOpen: number
  readonly delayed: number
  readonly swallowed: number
  readonly reset: number
}

type Line = { readonly near: Socket; readonly far: Socket; isDead: boolean; isHalfOpen: boolean }

type State = {
  mode: LineMode
  resets: number
  readonly lines: Set<Line>
  readonly counts: { delayed: number; swallowed: number; reset: number }
}

/** Stands between services and a server on this machine, and disturbs their connections as networks do. */
export async function startTcpProxy(targetPort: number, port = 0): Promise<TcpProxy> {
  const counts = { delayed: 0, swallowed: 0, reset: 0 }
  const state: State = { mode: { kind: 'clear' }, resets: 0, lines: new Set(), counts }
  const { lines } = state
  const server = createServer({ noDelay: true }, (near) => {
    const far = connect({ port: targetPort, host: '127.0.0.1', noDelay: true })
    const line: Line = { near, far, isDead: false, isHalfOpen: false }
    lines.add(line)
    pump(state, line, 'question')
    pump(state, line, 'answer')
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('a TCP server without a port')
  const halfOpen = (): readonly Line[] => [...lines].filter(({ isHalfOpen }) => isHalfOpen)
  return {
    port: address.port,
    setMode(next) {
      // Bytes that vanished in a black hole cannot come back, so its connections are of no use afterwards.
      if (state.mode.kind === 'black-hole' && next.kind !== 'black-hole')
        for (const { near } of lines) near.resetAndDestroy()
      state.mode = next
    },
    resetInAnswer: (connections) => (state.resets = connections),
    halfOpen() {
      const living = [...lines].filter(({ isDead }) => !isDead)
      for (const line of living) {
        Object.assign(line, { isDead: true, isHalfOpen: true })
        line.far.resetAndDestroy()
      }
      return living.length
    },
    endHalfOpen() {
      const left = halfOpen()
      for (const { near } of left) near.resetAndDestroy()
      return left.length
    },
    counts: () => ({ open: lines.size, halfOpen: halfOpen().length, ...counts }),
    async close() {
      for (const { near, far } of lines) for (const socket of [near, far]) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** One direction of a connection. */
function pump(state: State, line: Line, direction: 'question' | 'answer'): void {
  const { counts, lines } = state
  const [from, to] = direction === 'question' ? [line.near, line.far] : [line.far, line.near]
  const isSilent = (): boolean => line.isDead || state.mode.kind === 'black-hole'
  let before = Promise.resolve()
  // The chunks keep their order even when the delay changes. The load of a test bounds how many pile up.
  const pass = (deliver: () => unknown): void => {
    const delayMs = state.mode.kind === 'slow' ? state.mode.delayMs : 0
    if (delayMs > 0) counts.delayed++
    const due = Promise.all([before, delayMs > 0 ? sleep(delayMs) : undefined])
    before = due.then(() => void deliver())
  }
  from.on('data', (piece) => {
    if (isSilent()) counts.swallowed++
    else if (direction === 'answer' && state.resets > 0 && piece.length > 1) breakOff(state, line, piece)
    else pass(() => to.destroyed || to.write(piece))
  })
  from.on('end', () => {
    if (!isSilent()) pass(() => to.end())
  })
  from.on('error', () => undefined) // 'close' follows
  from.on('close', () => {
    if (!isSilent()) pass(() => to.destroy())
    if (!line.near.destroyed) return
    lines.delete(line)
    line.far.destroy()
  })
}

function breakOff(state: State, line: Line, piece: Buffer): void {
  state.resets--
  state.counts.reset++
  line.isDead = true
  line.near.write(piece.subarray(0, piece.length >> 1))
  // The reset comes a little later, because together with the bytes it would look like an ordinary end.
  setTimeout(() => line.near.resetAndDestroy(), 5)
  line.far.resetAndDestroy()
}
