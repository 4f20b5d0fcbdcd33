import type { Log } from '../../platform/log.ts'
import { createSignal } from '../../platform/signal.ts'
import { stretchLength, type Pace } from '../application/scrub-streams.ts'
import type { LaneLocks } from './lane-locks.ts'

export type ScrubLoop = {
  readonly scrub: (pace: Pace) => Promise<readonly string[]>
  readonly locks: LaneLocks
  readonly isConnected: () => boolean
  /** The time from the end of one scrub to the beginning of the next. */
  readonly intervalMs: number
  readonly messagesPerSecond: number
  readonly log: Log
}

/** The producer that owns this lane scrubs the streams. */
const scrubbersLane = 0

/** Scrubs the streams again and again until `stopped`. `healedStreams` tells how many streams were recreated. */
export function startScrubLoop(loop: ScrubLoop, stopped: AbortSignal) {
  let healed = 0
  const ended = runScrubLoop(loop, stopped, () => healed++)
  return { ended, healedStreams: () => healed }
}

async function runScrubLoop(loop: ScrubLoop, stopped: AbortSignal, onHealed: () => void): Promise<void> {
  const stop = createSignal()
  stopped.addEventListener('abort', stop.notify)
  const isOurs = async (): Promise<boolean> => (await loop.locks.owned()).includes(scrubbersLane)
  const isWanted = async (): Promise<boolean> => !stopped.aborted && loop.isConnected() && (await isOurs())
  const pace = async (): Promise<boolean> => {
    await stop.wait((1_000 * stretchLength) / loop.messagesPerSecond)
    return isWanted()
  }
  while (!stopped.aborted) {
    await stop.wait(loop.intervalMs)
    try {
      if (!(await isWanted())) continue
      for (const stream of await loop.scrub(pace)) {
        onHealed()
        loop.log.error(
          { stream },
          'a stored event could not be read; the stream is made anew and filled again',
        )
      }
    } catch (err) {
      loop.log.warn({ err }, 'the scrub of the streams failed; it is repeated later')
    }
  }
}
