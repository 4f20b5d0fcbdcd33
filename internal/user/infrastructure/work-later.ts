import type { Log } from '../../platform/log.ts'
import type { Scope } from '../../platform/run.ts'
import type { Later } from '../application/later.ts'

/** Far more than one by one takes a minute. */
const mostWaiting = 10_000

/** What waits is done before the scope closes. What fails is logged: nobody waits for it. */
export function workLater(scope: Scope, log: Log): Later {
  const waiting = new Map<string, () => Promise<void>>()
  let working: Promise<void> | undefined

  async function work(): Promise<void> {
    for (const [userId, task] of waiting) {
      // Whoever asks from now on asks for another one.
      waiting.delete(userId)
      await task().catch((err: unknown) => log.error({ err }, 'what was asked for could not be done'))
    }
    working = undefined
  }

  scope.onClose('what is done later', async () => working)
  return (userId, task) => {
    if (waiting.has(userId)) return
    if (waiting.size >= mostWaiting) {
      log.error({ waiting: waiting.size }, 'too much is asked for; what was asked for last is not done')
      return
    }
    waiting.set(userId, task)
    working ??= work()
  }
}
