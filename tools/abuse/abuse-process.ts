import { connect, type Socket } from 'node:net'

// A process that opens many connections to abuse them. A test process should not have so many sockets itself.

export type Abuse = {
  readonly host: string
  readonly port: number
  readonly connections: number
  readonly addresses: readonly string[]
  /** The text that each connection sends at once. {n} is replaced by another number of six digits each time. */
  readonly opening: string
  /** The text that each connection sends every `everyMs` after that; empty to send nothing. */
  readonly drip: string
  readonly everyMs: number
  readonly reads: boolean
}

/** What the process reports to its parent several times a second. */
export type AbuseState = {
  readonly connected: number
  readonly closed: number
  readonly failed: number
  readonly heard: string
}

const perWave = 100
let number = 0
const waveMs = 20

process.once('message', (abuse: Abuse) => {
  const counts = { connected: 0, closed: 0, failed: 0 }
  let heard = ''
  const open = (index: number): void => {
    const localAddress = abuse.addresses[index % abuse.addresses.length]
    const socket = connect({
      host: abuse.host,
      port: abuse.port,
      ...(localAddress ? { localAddress } : {}),
      allowHalfOpen: !abuse.reads,
    })
    talk(socket, abuse)
    let isConnected = false
    socket.once('connect', () => {
      isConnected = true
      counts.connected++
    })
    socket.on('error', () => socket.destroy())
    socket.once('close', () => {
      if (isConnected) counts.closed++
      else counts.failed++
    })
    if (abuse.reads) socket.on('data', (chunk) => (heard = (heard + chunk.toString('latin1')).slice(-2_000)))
    else socket.pause()
  }
  // The connections are opened in waves, because those that overflow the system's own queue never reach the server.
  let opened = 0
  const waves = setInterval(() => {
    for (let wave = 0; wave < perWave && opened < abuse.connections; wave++) open(opened++)
    if (opened === abuse.connections) clearInterval(waves)
  }, waveMs)
  setInterval(() => process.send?.({ ...counts, heard } satisfies AbuseState), 100)
})
process.on('disconnect', () => process.exit())

function talk(socket: Socket, { opening, drip, everyMs }: Abuse): void {
  if (opening) socket.write(numbered(opening))
  if (!drip) return
  const timer = setInterval(() => {
    if (socket.writable) socket.write(numbered(drip))
  }, everyMs)
  socket.once('close', () => clearInterval(timer))
}

const numbered = (text: string): string =>
  text.includes('{n}') ? text.replaceAll('{n}', String(++number).padStart(6, '0')) : text
