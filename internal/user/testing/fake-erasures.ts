import type { Trace } from '../../platform/call.ts'
import type { Accounts } from '../application/accounts.ts'
import type { Erasures } from '../application/erasures.ts'
import type { Account, AccountChange, UserId } from '../domain/account.ts'
import { erasingContexts, type ErasingContext } from '../domain/erasure.ts'

type Deps = {
  readonly stored: Map<UserId, Account>
  readonly update: Accounts['update']
  readonly publish: (change: AccountChange, trace: Trace) => void
  /** Removes all that is the person's besides the account. */
  readonly forgetUser: (userId: UserId, at: Date, trace: Trace) => void
}

/** Erasures in memory. They pass the same contract suite as the real ones. */
export function fakeErasures({ stored, update, publish, forgetUser }: Deps): Erasures {
  const unconfirmed = new Map<UserId, Set<ErasingContext>>()
  const otherAdmins = (id: UserId): number =>
    [...stored.values()].filter(
      (account) => account.id !== id && account.role === 'admin' && !account.blockedAt && !account.erasedAt,
    ).length
  return {
    async erase(id, decide, trace) {
      const erased = await update(id, (account) => decide(account, otherAdmins(id)), trace)
      if (!erased) return undefined
      forgetUser(id, erased.updatedAt, trace)
      unconfirmed.set(id, new Set(erasingContexts))
      return erased
    },
    async unconfirmed(context, before, limit) {
      const waiting = [...unconfirmed].flatMap(([id, contexts]) => {
        const erasedAt = stored.get(id)?.erasedAt
        return contexts.has(context) && erasedAt && erasedAt <= before ? [{ id, at: erasedAt.getTime() }] : []
      })
      waiting.sort((one, other) => one.at - other.at || (one.id < other.id ? -1 : 1))
      return waiting.slice(0, limit).map(({ id }) => id)
    },
    async confirm(context, ids, decide, _at, trace) {
      for (const id of ids) {
        const account = stored.get(id)
        if (!account || !unconfirmed.get(id)?.delete(context)) continue
        const change = decide(account)
        stored.set(id, change.state)
        publish(change, trace)
      }
    },
  }
}
