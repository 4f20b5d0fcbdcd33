import type { Log } from '../../platform/log.ts'
import type { Scope } from '../../platform/run.ts'
import type { Sessions } from '../application/sessions.ts'

const everyMs = 3_600_000
/** A person can be told of a session that has ended so long. */
const keptMs = 86_400_000

/** Removes sessions and endings that matter to nobody any more, once an hour until the scope closes. */
export function forgetSessions(scope: Scope, log: Log, sessions: Pick<Sessions, 'forget'>): void {
  const timer = setInterval(() => {
    sessions
      .forget(new Date(Date.now() - keptMs))
      .catch((err: unknown) =>
        log.warn({ err }, 'old sessions could not be removed; the next hour tries again'),
      )
  }, everyMs)
  scope.onClose('old sessions', async () => clearInterval(timer))
}
