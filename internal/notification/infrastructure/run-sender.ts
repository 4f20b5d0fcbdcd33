import type { Log } from '../../platform/log.ts'
import type { Signal } from '../../platform/signal.ts'

/** What another process has queued is found after so long; this process wakes its sender at once. */
const longestRestMs = 2_000
const shortestRestMs = 200
/** While no mail server takes mails, it is asked again after so long. */
const restAfterFaultMs = 5_000

export type SenderLoop = {
  readonly send: () => Promise<number>
  readonly nextDue: () => Promise<Date | undefined>
  readonly signal: Signal
  readonly now: () => Date
  readonly log: Log
  /** Told how the last round went: undefined, or why it failed. */
  readonly onRound: (failure: string | undefined) => void
}

/** Sends what is due, and rests until the next mail is, or somebody wakes it. */
export async function runSender(loop: SenderLoop, stopped: AbortSignal): Promise<void> {
  const { send, nextDue, signal, now, log, onRound } = loop
  stopped.addEventListener('abort', () => signal.notify())
  const isStopped = (): boolean => stopped.aborted
  let isFailing = false
  while (!isStopped()) {
    try {
      const count = await send()
      isFailing = false
      onRound(undefined)
      if (count > 0) continue
      const due = await nextDue()
      const restMs = due === undefined ? longestRestMs : due.getTime() - now().getTime()
      await signal.wait(Math.min(longestRestMs, Math.max(shortestRestMs, restMs)))
    } catch (err) {
      // Once for each outage, not for each try.
      if (!isFailing) log.warn({ err }, 'mails could not be sent; it is tried again')
      isFailing = true
      onRound(err instanceof Error ? err.message : String(err))
      if (!isStopped()) await signal.wait(restAfterFaultMs)
    }
  }
}
