import { Refusal } from '../../platform/refusal.ts'
import type { Account, AccountChange } from './account.ts'
import type { Email, Username } from './login.ts'
import type { Session, SessionId } from './session.ts'

/** The services that keep something of people besides this one. Each confirms that it has erased it. */
export const erasingContexts = ['pricing', 'cart', 'payment', 'order', 'notification'] as const
export type ErasingContext = (typeof erasingContexts)[number]

/** Whoever has no password shows that they are the owner by having logged in a moment ago. */
const freshLoginMs = 600_000

export function requireFreshLogin(sessions: readonly Session[], id: SessionId, at: Date): void {
  const session = sessions.find((each) => each.id === id)
  if (session && at.getTime() - session.createdAt.getTime() < freshLoginMs) return
  throw new Refusal('forbidden', 'user.login-too-old', 'log in once more, and erase within ten minutes')
}

/** The account keeps its id, by which orders and the log go on to mean somebody, and nothing of the person. */
export function eraseAccount(account: Account, otherAdmins: number, at: Date): AccountChange {
  if (account.role === 'admin' && otherAdmins === 0)
    throw new Refusal('conflict', 'user.last-admin', 'this is the last admin; make somebody else one first')
  const state: Account = {
    ...account,
    ...{ username: '' as Username, email: '' as Email, name: '', phone: '', address: '' }, // none of them
    ...{ passwordHash: undefined, secondFactor: undefined, emailVerifiedAt: undefined },
    ...{ role: 'customer', permissions: [], erasedAt: at, updatedAt: at },
    ...{ version: account.version + 1, accessVersion: account.accessVersion + 1 },
    ...{ eventVersion: account.eventVersion + 1, lastEventAt: at },
  }
  return { state, events: [{ type: 'UserErased', account: state }] }
}

export function confirmErasure(account: Account, context: ErasingContext, at: Date): AccountChange {
  const state = { ...account, eventVersion: account.eventVersion + 1, lastEventAt: at }
  return { state, events: [{ type: 'DataErased', account: state, context }] }
}
