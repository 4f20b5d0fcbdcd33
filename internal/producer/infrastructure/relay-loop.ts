import type { Log } from '../../platform/log.ts'
import type { Nats } from '../../platform/nats.ts'
import type { Signal } from '../../platform/signal.ts'
import { relayBatch, type Relayed } from '../application/relay-outbox.ts'
import type { LaneLocks } from './lane-locks.ts'

/** Without a wake-up an event waits this long at the most. */
const pollMs = 25
/** While the broker takes nothing, and after a fault of the database. */
const pauseMs = 250
/** How often the streams are looked at when all is well. */
const watchEveryMs = 2_000

export type RelayLoop = {
  readonly relay: (lanes: readonly number[]) => Promise<Relayed>
  readonly watch: () => Promise<readonly string[]>
  readonly locks: LaneLocks
  readonly wake: Signal
  readonly nats: Nats
  readonly log: Log
}

/** Relays until `stopped`, then makes a last pass, so that a clean stop leaves nothing behind that could be published. */
export async function runRelayLoop(loop: RelayLoop, stopped: AbortSignal): Promise<void> {
  let watchedAt = 0
  let reported = ''
  for (let isLast = false; !isLast;) {
    isLast = stopped.aborted
    try {
      const lanes = await loop.locks.owned()
      if (lanes.length > 0 && loop.nats.isConnected() && Date.now() - watchedAt > watchEveryMs) {
        for (const stream of await loop.watch())
          loop.log.warn({ stream }, 'the broker lost its store; publishing again')
        watchedAt = Date.now()
      }
      const { found, backPressure } =
        lanes.length > 0 ? await loop.relay(lanes) : { found: 0, backPressure: undefined }
      if (backPressure) watchedAt = 0 // a missing stream is one of the reasons
      if (backPressure && backPressure !== reported)
        loop.log.warn({ backPressure }, 'the broker takes nothing; the outbox keeps it')
      reported = backPressure ?? ''
      if (isLast) break
      if (backPressure) await pause(pauseMs)
      else if (found < relayBatch) await loop.wake.wait(pollMs)
    } catch (err) {
      if (isLast) throw err
      loop.log.error({ err }, 'the relay failed; it goes on')
      watchedAt = 0
      await pause(pauseMs)
    }
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
