import { createMeter, createTally } from '../meter.ts'
import type { Latency } from '../work.ts'
import { openFloodConnection, type FloodConnection, type Outcome } from './flood-connection.ts'

export type FloodWork = {
  readonly url: string
  readonly tokens: readonly string[]
  readonly productIds: readonly string[]
  readonly connections: number
  readonly seconds: number
  /** Requests per second, whatever comes back. Undefined: each connection asks again when it is answered. */
  readonly rate: number | undefined
}

export type FloodResult = {
  readonly seconds: number
  /** Milliseconds since 1970. */
  readonly startedAt: number
  readonly sent: number
  readonly accepted: number
  readonly acceptedPerSecond: number
  readonly accept: Latency
  /** 503 or 429, with Retry-After. */
  readonly refused: number
  readonly refuse: Latency
  readonly refusedWithinSecond: number
  /** On connections that the server ended; a client sends these again. */
  readonly cut: number
  /** How late the generator itself sent what was due, and what it took of the machine. */
  readonly sentLate: Latency
  readonly cores: number
  readonly unanswered: number
  readonly others: Readonly<Record<string, number>>
}

/** Requests that go out together on one connection: what comes in while a turn of the server's loop takes its time. */
const pipelined = 8
const tickMs = 5
const settleMs = 5_000

/** Orders of one line, as fast as they are told. */
export async function flood(work: FloodWork): Promise<FloodResult> {
  const { connections: count, rate, seconds } = work
  const counts = countOutcomes()
  const requests = prepare(work)
  const { hostname: host, port } = new URL(work.url)
  let sent = 0
  const until = performance.now() + seconds * 1_000
  const [late, cpu] = [createMeter(), process.cpuUsage()]
  const send = (connection: FloodConnection, amount: number, at: number): void => {
    late.record(performance.now() - at)
    connection.send(requests(amount), amount, at)
    sent += amount
  }
  const connections: FloodConnection[] = Array.from({ length: count }, () => {
    const again = (): void => {
      const now = performance.now()
      if (rate === undefined && now < until) send(connection, 1, now)
    }
    const connection = openFloodConnection({
      host,
      port: Number(port),
      onAnswer(outcome) {
        counts.add(outcome)
        again()
      },
      onCut(unanswered) {
        counts.cut(unanswered)
        again()
      },
    })
    return connection
  })
  const startedAt = performance.now()
  if (rate === undefined) for (const connection of connections) send(connection, 1, startedAt)
  else await sendAtRate(connections, rate, until, send)
  await pause(Math.max(0, until - performance.now()))
  const took = (performance.now() - startedAt) / 1_000
  const { user, system } = process.cpuUsage(cpu)
  const cores = (user + system) / 1e6 / took
  const inTime = counts.accepted()
  const open = (): number => connections.reduce((sum, connection) => sum + connection.open(), 0)
  for (const giveUp = performance.now() + settleMs; open() > 0 && performance.now() < giveUp;) await pause(10)
  const unanswered = open()
  for (const connection of connections) connection.close()
  return {
    seconds: took,
    startedAt: performance.timeOrigin + startedAt,
    sent,
    acceptedPerSecond: inTime / took,
    unanswered,
    sentLate: late.latency(),
    cores,
    ...counts.result(),
  }
}

/** Open loop: what is due goes out, late or not, and its time counts from when it was due. */
async function sendAtRate(
  connections: readonly FloodConnection[],
  rate: number,
  until: number,
  send: (connection: FloodConnection, amount: number, at: number) => void,
): Promise<void> {
  const startedAt = performance.now()
  let [sent, next] = [0, 0]
  for (let now = startedAt; now < until; now = performance.now()) {
    const due = Math.floor(((now - startedAt) / 1_000) * rate)
    while (sent < due) {
      const amount = Math.min(pipelined, due - sent)
      const connection = connections[next++ % connections.length]
      if (connection) send(connection, amount, startedAt + (sent / rate) * 1_000)
      sent += amount
    }
    await pause(tickMs)
  }
}

/** The same requests again and again, made once: bytes of 1 to `pipelined` of them. */
function prepare({ tokens, productIds, url }: FloodWork): (amount: number) => Buffer {
  const { host } = new URL(url)
  const variants = 500
  const one = (index: number): string => {
    const items = [{ productId: productIds[index % productIds.length], quantity: 1 }]
    const body = JSON.stringify({ items })
    const token = tokens[index % tokens.length] ?? ''
    const head = `POST /orders HTTP/1.1\r\nhost: ${host}\r\nauthorization: Bearer ${token}`
    return `${head}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`
  }
  const made = new Map<number, readonly Buffer[]>()
  let [next, first] = [0, 0]
  return (amount) => {
    let buffers = made.get(amount)
    if (!buffers) {
      buffers = Array.from({ length: variants }, () =>
        Buffer.from(Array.from({ length: amount }, () => one(first++)).join('')),
      )
      made.set(amount, buffers)
    }
    return buffers[next++ % variants] ?? Buffer.alloc(0)
  }
}

function countOutcomes() {
  const [accept, refuse, others] = [createMeter(), createMeter(), createTally()]
  let [cut, late] = [0, 0]
  return {
    accepted: () => accept.count(),
    add({ status, hasRetryAfter, ms }: Outcome) {
      if (status === 201) accept.record(ms)
      else if ((status === 503 || status === 429) && hasRetryAfter) {
        refuse.record(ms)
        if (ms > 1_000) late++
      } else others.add(String(status))
    },
    cut: (unanswered: number) => void (cut += unanswered),
    result: () => ({
      accepted: accept.count(),
      accept: accept.latency(),
      refused: refuse.count(),
      refuse: refuse.latency(),
      refusedWithinSecond: refuse.count() - late,
      cut,
      others: others.counts(),
    }),
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
