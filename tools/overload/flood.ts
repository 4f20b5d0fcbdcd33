import { setTimeout as sleep } from 'node:timers/promises'
import { createMeter, createTally } from '../shared/meter.ts'
import type { Latency } from '../shared/meter.ts'
import { until } from '../shared/wait.ts'
import { openFloodConnection, type FloodConnection, type Outcome } from './flood-connection.ts'

export type FloodWork = {
  readonly url: string
  readonly tokens: readonly string[]
  readonly productIds: readonly string[]
  readonly connections: number
  readonly seconds: number
  /**
   * Requests per second, whatever the answers are. Undefined when each connection waits for an answer before it asks
   * again.
   */
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
  /** Requests that were answered with 503 or 429 and Retry-After. */
  readonly refused: number
  readonly refuse: Latency
  readonly refusedWithinSecond: number
  /** Requests on connections that the server closed. A client would send them again. */
  readonly cut: number
  /** How late the generator itself sent its requests and, below, the CPU time that it used. */
  readonly sentLate: Latency
  readonly cores: number
  readonly unanswered: number
  readonly others: Readonly<Record<string, number>>
}

/**
 * How many requests are sent together on one connection. With fewer, the generator would need more of the server's CPU
 * time.
 */
const pipelined = 16
const tickMs = 5
const settleMs = 5_000

type Customer = {
  readonly connection: FloodConnection
  /** Sends `amount` orders that were due at `at`. */
  readonly ask: (amount: number, at: number) => void
}

/** Sends orders of one line at the wanted rate. */
export async function flood(work: FloodWork): Promise<FloodResult> {
  const { connections: count, rate, seconds } = work
  const counts = countOutcomes()
  const { hostname: host, port } = new URL(work.url)
  let sent = 0
  const endsAt = performance.now() + seconds * 1_000
  const [late, cpu] = [createMeter(), process.cpuUsage()]
  const customers: Customer[] = Array.from({ length: count }, (_, index) => {
    const requests = requestsOf(work, index)
    const ask = (amount: number, at: number): void => {
      late.record(performance.now() - at)
      connection.send(requests(amount), amount, at)
      sent += amount
    }
    const again = (): void => {
      if (rate !== undefined) return
      const now = performance.now()
      if (now < endsAt) ask(1, now)
    }
    const connection = openFloodConnection({
      host,
      port: Number(port),
      onAnswers(outcome, answered) {
        counts.add(outcome, answered)
        again()
      },
      onCut(unanswered) {
        counts.cut(unanswered)
        again()
      },
    })
    return { connection, ask }
  })
  const startedAt = performance.now()
  if (rate === undefined) for (const { ask } of customers) ask(1, startedAt)
  else await askAtRate(customers, rate, endsAt)
  await sleep(Math.max(0, endsAt - performance.now()))
  const took = (performance.now() - startedAt) / 1_000
  const { user, system } = process.cpuUsage(cpu)
  const cores = (user + system) / 1e6 / took
  const inTime = counts.accepted()
  const open = (): number => customers.reduce((sum, { connection }) => sum + connection.open(), 0)
  await until(() => open() === 0, { withinMs: settleMs, everyMs: 10 })
  const unanswered = open()
  for (const { connection } of customers) connection.close()
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

/**
 * An open loop: each request is sent when it is due, or later if the generator is late, and its time counts from then.
 */
async function askAtRate(customers: readonly Customer[], rate: number, endsAt: number): Promise<void> {
  const startedAt = performance.now()
  let [asked, next] = [0, 0]
  for (let now = startedAt; now < endsAt; now = performance.now()) {
    const due = Math.floor(((now - startedAt) / 1_000) * rate)
    while (asked < due) {
      const amount = Math.min(pipelined, due - asked)
      customers[next++ % customers.length]?.ask(amount, startedAt + (asked / rate) * 1_000)
      asked += amount
    }
    await sleep(tickMs)
  }
}

/**
 * The same order of one customer again and again, as a client sends it that was told to try again. Returns the bytes
 * of `amount` such requests, which are made only once.
 */
function requestsOf({ tokens, productIds, url }: FloodWork, customer: number): (amount: number) => Buffer {
  const items = [{ productId: productIds[customer % productIds.length], quantity: 1 }]
  const body = JSON.stringify({ items })
  const token = tokens[customer % tokens.length] ?? ''
  const head = `POST /orders HTTP/1.1\r\nhost: ${new URL(url).host}\r\nauthorization: Bearer ${token}`
  const one = `${head}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`
  const made = new Map<number, Buffer>()
  return (amount) => {
    const bytes = made.get(amount) ?? Buffer.from(one.repeat(amount))
    made.set(amount, bytes)
    return bytes
  }
}

function countOutcomes() {
  const [accept, refuse, others] = [createMeter(), createMeter(), createTally()]
  let [cut, late] = [0, 0]
  return {
    accepted: () => accept.count(),
    add({ status, hasRetryAfter, ms }: Outcome, count: number) {
      for (let one = 0; one < count; one++) {
        if (status === 201) accept.record(ms)
        else if ((status === 503 || status === 429) && hasRetryAfter) {
          refuse.record(ms)
          if (ms > 1_000) late++
        } else others.add(String(status))
      }
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
