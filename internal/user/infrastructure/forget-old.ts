import type { Log } from '../../platform/log.ts'
import type { Scope } from '../../platform/run.ts'

const everyMs = 3_600_000
/** A person can be told of a session that has ended so long. */
const keptMs = 86_400_000

type Store = { readonly forget: (before: Date) => Promise<void> }

/** Removes what ended or expired and matters to nobody any more, once an hour until the scope closes. */
export function forgetOld(scope: Scope, log: Log, stores: Readonly<Record<string, Store>>): void {
  const timer = setInterval(() => {
    const before = new Date(Date.now() - keptMs)
    for (const [what, store] of Object.entries(stores))
      store
        .forget(before)
        .catch((err: unknown) =>
          log.warn({ err, what }, 'what is old could not be removed; the next hour tries again'),
        )
  }, everyMs)
  scope.onClose('what is old', async () => clearInterval(timer))
}
