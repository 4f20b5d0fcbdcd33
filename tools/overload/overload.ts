import { setTimeout as sleep } from 'node:timers/promises'
import type { Progress } from '../shared/progress.ts'
import { readProcesses } from '../shared/process-table.ts'
import type { RunningShop } from '../shared/running-shop.ts'
import type { FloodResult, FloodWork } from './flood.ts'
import { decidedPerSecond } from './decided.ts'
import { startFlood } from './flood-process.ts'
import { openProbe, type Probe } from './probe.ts'

export type OverloadOptions = {
  readonly seconds: number
  readonly factor: number
  /** How long the best rate is measured with each number of `closedUsers`. */
  readonly bestSeconds: number
}

export type OverloadShop = Pick<RunningShop, 'url' | 'databaseUrl' | 'node'> & {
  readonly tokens: readonly string[]
  readonly productIds: readonly string[]
}

export type OverloadReport = {
  readonly options: OverloadOptions
  /** The best rate of decided orders, measured before the flood and again after it, because machines are noisy. */
  readonly bestPerSecond: { readonly before: number; readonly after: number }
  readonly offeredPerSecond: number
  readonly flood: FloodResult & { readonly decidedPerSecond: number }
  /** The memory of all Node processes together, once a second. */
  readonly memoryMb: { readonly best: readonly number[]; readonly flood: readonly number[] }
  readonly livezMs: readonly number[]
  /** Undefined when it has not recovered within `patienceMs`. */
  readonly recoveredAfterMs: number | undefined
  readonly calmAcceptMs: number
}

type Deps = {
  readonly floodProgram: string
  readonly progress: Progress
  readonly onClose: (name: string, close: () => Promise<unknown>) => void
}

/** The numbers of customers in the closed loops. The best of their rates is the best rate. */
const closedUsers = [64, 256, 512] as const
/** More than the number of orders that the gateway admits at once, so that the flood can fill it too. */
const floodConnections = 800
const warmupSeconds = 4
const calmOrders = 20
const patienceMs = 60_000
/** The shop has recovered when so many orders in a row were accepted without a noticeable delay and decided. */
const recoveredOrders = 5
export const noticedMs = 250
const decidedWithinMs = 2_000

/** Measures the best rate, makes a flood, and measures how long the shop takes to recover. */
export async function runOverload(
  deps: Deps,
  shop: OverloadShop,
  options: OverloadOptions,
): Promise<OverloadReport> {
  const { progress, onClose } = deps
  const probe = openProbe({
    url: shop.url,
    token: shop.tokens[0] ?? '',
    productId: shop.productIds[0] ?? '',
  })
  onClose('probe', probe.close)
  const run = (name: string, work: Pick<FloodWork, 'connections' | 'seconds' | 'rate'>) =>
    progress.during(name, async () => {
      const running = startFlood(deps.floodProgram, { ...shop, ...work })
      onClose('load generator', running.stop)
      const result = await running.result
      await running.stop()
      return { ...result, decidedPerSecond: await decidedPerSecond(shop.databaseUrl, result) }
    })

  await run('warming up', { connections: 64, seconds: warmupSeconds, rate: undefined })
  const calmAcceptMs = await progress.during('a calm hour', () => calmAccept(probe))
  const bestMemory = watchMemory(shop.node)
  const bestRate = async (users: readonly number[]): Promise<number> => {
    const rates: number[] = []
    for (const connections of users) {
      const work = { connections, seconds: options.bestSeconds, rate: undefined }
      rates.push((await run(`best rate, ${connections} customers`, work)).decidedPerSecond)
      await progress.during('until all is decided', () => recovery(probe))
    }
    return Math.max(...rates)
  }
  const before = await bestRate(closedUsers)
  const best = bestMemory.stop()
  const offeredPerSecond = Math.round(before * options.factor)

  const memory = watchMemory(shop.node)
  const alive = watchAlive(probe)
  const flood = await run(`${options.factor} times that, ${offeredPerSecond} orders per second`, {
    connections: floodConnections,
    seconds: options.seconds,
    rate: offeredPerSecond,
  })
  const livezMs = await alive.stop()
  const recoveredAfterMs = await progress.during('recovering', () => recovery(probe))
  const memoryMb = { best, flood: memory.stop() }
  const bestPerSecond = { before, after: await bestRate(closedUsers.slice(-2)) }
  return {
    ...{ options, bestPerSecond, offeredPerSecond, flood },
    ...{ memoryMb, livezMs, recoveredAfterMs, calmAcceptMs },
  }
}

async function calmAccept(probe: Probe): Promise<number> {
  const times: number[] = []
  for (let count = 0; count < calmOrders; count++) {
    const bought = await probe.buy(decidedWithinMs * 10)
    if (bought) times.push(bought.acceptMs)
  }
  return times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? NaN
}

/** Returns the time until the first of the orders in a row that were accepted and decided in good time. */
async function recovery(probe: Probe): Promise<number | undefined> {
  const startedAt = performance.now()
  let good = 0
  let since = 0
  while (good < recoveredOrders) {
    const at = performance.now() - startedAt
    if (at > patienceMs) return undefined
    const bought = await probe.buy(decidedWithinMs)
    if (bought && bought.acceptMs <= noticedMs) {
      if (good++ === 0) since = performance.now() - startedAt
    } else {
      good = 0
      await sleep(50)
    }
  }
  return since
}

function watchMemory(pids: readonly number[]) {
  const readings: number[] = []
  const timer = setInterval(() => {
    void readProcesses().then((table) => {
      const bytes = pids.reduce((sum, pid) => sum + (table.get(pid)?.memoryBytes ?? 0), 0)
      readings.push(bytes / 1_048_576)
    })
  }, 1_000)
  return {
    stop() {
      clearInterval(timer)
      return readings
    },
  }
}

/** Measures /livez all the time, because operators must be able to watch an overloaded process. */
function watchAlive(probe: Probe) {
  const times: number[] = []
  const stop = new AbortController()
  const watching = (async () => {
    while (!stop.signal.aborted) {
      times.push(await probe.alive().catch(() => Infinity))
      await sleep(250)
    }
  })()
  return {
    async stop() {
      stop.abort()
      await watching
      return times
    },
  }
}
