import { connect, createServer, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** What the line does to what it carries. */
export type LineMode =
  | { readonly kind: 'clear' }
  /** Everything arrives, this much later. */
  | { readonly kind: 'slow'; readonly delayMs: number }
  /** New connections are taken and nothing arrives, in either direction; nobody is told. */
  | { readonly kind: 'black-hole' }

export type TcpProxy = {
  readonly port: number
  readonly setMode: (mode: LineMode) => void
  /** Resets the next `connections` in the middle of what the server answers: half of a piece is passed on, then RST. */
  readonly resetInAnswer: (connections: number) => void
  /**
   * The far ends are gone and the near ones are not told: what they send is swallowed, for ever. Answers with how many
   * there were; new connections are not touched.
   */
  readonly halfOpen: () => number
  readonly counts: () => LineCounts
  readonly close: () => Promise<void>
}

export type LineCounts = {
  readonly open: number
  readonly delayed: number
  readonly swallowed: number
  readonly reset: number
}

type Line = { readonly near: Socket; readonly far: Socket; isDead: boolean }

/** Stands between services and a server on this machine, and does to their connections what networks do. */
export async function startTcpProxy(targetPort: number, port = 0): Promise<TcpProxy> {
  const lines = new Set<Line>()
  const counts = { delayed: 0, swallowed: 0, reset: 0 }
  let mode: LineMode = { kind: 'clear' }
  let resets = 0

  const server = createServer({ noDelay: true }, (near) => {
    const far = connect({ port: targetPort, host: '127.0.0.1', noDelay: true })
    const line: Line = { near, far, isDead: false }
    lines.add(line)
    pump(line, near, far, false)
    pump(line, far, near, true)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })

  function pump(line: Line, from: Socket, to: Socket, isAnswer: boolean): void {
    let before = Promise.resolve()
    // In order, also when the delay changes on the way; what piles up is bounded by the load of a test.
    const pass = (deliver: () => void): void => {
      const delayMs = mode.kind === 'slow' ? mode.delayMs : 0
      if (delayMs > 0) counts.delayed++
      const due = Promise.all([before, delayMs > 0 ? sleep(delayMs) : undefined])
      before = due.then(deliver)
    }
    from.on('data', (piece) => {
      if (line.isDead || mode.kind === 'black-hole') counts.swallowed++
      else if (isAnswer && resets > 0 && piece.length > 1) breakOff(line, piece)
      else pass(() => void (to.destroyed || to.write(piece)))
    })
    from.on('end', () => {
      if (!line.isDead && mode.kind !== 'black-hole') pass(() => to.end())
    })
    from.on('error', () => undefined) // its 'close' follows
    from.on('close', () => {
      if (!line.isDead && mode.kind !== 'black-hole') pass(() => to.destroy())
      if (line.near.destroyed) lines.delete(line)
      if (line.near.destroyed) line.far.destroy()
    })
  }

  function breakOff(line: Line, piece: Buffer): void {
    resets--
    counts.reset++
    line.isDead = true
    line.near.write(piece.subarray(0, piece.length >> 1))
    // Not at once: a reset that comes together with the bytes reads as an ordinary end.
    setTimeout(() => line.near.resetAndDestroy(), 5)
    line.far.resetAndDestroy()
  }

  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('a TCP server without a port')
  return {
    port: address.port,
    setMode(next) {
      // What vanished in a black hole cannot come back: its connections are no use to anybody afterwards.
      if (mode.kind === 'black-hole' && next.kind !== 'black-hole')
        for (const { near } of lines) near.resetAndDestroy()
      mode = next
    },
    resetInAnswer: (connections) => void (resets = connections),
    halfOpen() {
      const living = [...lines].filter(({ isDead }) => !isDead)
      for (const line of living) {
        line.isDead = true
        line.far.resetAndDestroy()
      }
      return living.length
    },
    counts: () => ({ open: lines.size, ...counts }),
    async close() {
      for (const { near, far } of lines) for (const socket of [near, far]) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
