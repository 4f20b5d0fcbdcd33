import type { Log } from '../../platform/log.ts'
import type { Signal } from '../../platform/signal.ts'
import { relayBatch, type Relayed } from '../application/relay-outbox.ts'
import type { LaneLocks } from './lane-locks.ts'
import type { WatchedServer } from './watched-server.ts'

/** Without a wake-up an event waits this long at the most. */
const pollMs = 25
/** While the broker takes nothing, and after a fault of the database. */
const pauseMs = 250
/** How often the streams are looked at when all is well. */
const watchEveryMs = 2_000
/** A second's work at full speed. Every look at what is unpublished passes by what has been published since the last vacuum. */
const tidyEvery = 10_000

export type RelayLoop = {
  readonly relay: (lanes: readonly number[]) => Promise<Relayed>
  readonly watch: () => Promise<readonly string[]>
  /** Makes room for what has been published. */
  readonly tidy: () => Promise<void>
  readonly locks: LaneLocks
  readonly wake: Signal
  readonly server: WatchedServer
  readonly log: Log
}

/** Relays until `stopped`, then makes a last pass, so that a clean stop leaves nothing behind that could be published. */
export async function runRelayLoop(loop: RelayLoop, stopped: AbortSignal): Promise<void> {
  const watch = { at: -Infinity }
  let untidy = 0
  let reported = ''
  for (let isLast = false; !isLast;) {
    isLast = stopped.aborted
    let trouble: string
    try {
      const { found = 0, published = 0, backPressure = '' } = await pass(loop, watch)
      untidy += published
      if (untidy >= tidyEvery) {
        untidy = 0
        await loop.tidy()
      }
      if (backPressure && backPressure !== reported)
        loop.log.warn({ backPressure }, 'the broker takes nothing; the outbox keeps it')
      trouble = backPressure
      if (!trouble && !isLast && found < relayBatch) await loop.wake.wait(pollMs)
    } catch (err) {
      trouble = String(err)
      if (trouble !== reported) loop.log.error({ err }, 'the relay failed; it goes on')
    }
    if (trouble) watch.at = -Infinity // a missing stream may be the reason
    if (trouble && !isLast) await pause(pauseMs)
    reported = trouble
  }
}

async function pass(loop: RelayLoop, watch: { at: number }): Promise<Partial<Relayed>> {
  const lanes = await loop.locks.owned()
  if (lanes.length === 0) return {}
  const { server } = loop
  const isDue = !server.isCurrent() || performance.now() - watch.at > watchEveryMs
  if (isDue && server.isConnected()) {
    for (const stream of await server.look(loop.watch))
      loop.log.warn({ stream }, 'the broker lost its store; publishing again')
    watch.at = performance.now()
  }
  return loop.relay(lanes)
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
