import { requireAdmin, requireSystem, requireUser, traceOf, type Call } from '../../platform/call.ts'
import { Refusal } from '../../platform/refusal.ts'
import type { Account, UserId } from '../domain/account.ts'
import {
  confirmErasure,
  eraseAccount,
  erasingContexts,
  requireFreshLogin,
  type ErasingContext,
} from '../domain/erasure.ts'
import type { SessionId } from '../domain/session.ts'
import type { Accounts } from './accounts.ts'
import { isPasswordOf, wrongPassword } from './change-password.ts'
import type { Erasures } from './erasures.ts'
import { unknownUser } from './get-user.ts'
import type { Passwords } from './passwords.ts'
import type { proveSecondFactor } from './second-factors.ts'
import type { Sessions } from './sessions.ts'

type Deps = {
  readonly accounts: Accounts
  readonly erasures: Erasures
  readonly passwords: Passwords
  readonly sessions: Sessions
  readonly proveSecondFactor: ReturnType<typeof proveSecondFactor>
  readonly now: () => Date
}

/** What shows that somebody who is logged in is the owner. */
export type Proof = { readonly password: string; readonly code: string; readonly sessionId: SessionId }

/** Erases oneself or, for admins, somebody else. No admin erases the own account, so that one is always left. */
export function eraseUser(deps: Deps) {
  return async (id: UserId, proof: Proof, call: Call): Promise<void> => {
    const { userId, role } = requireUser(call)
    const isOwn = userId === id
    if (!isOwn) requireAdmin(call)
    if (isOwn && role === 'admin')
      throw new Refusal('conflict', 'user.own-access', 'another admin has to erase you')
    const account = (await deps.accounts.find(id)) ?? unknownUser()
    if (account.erasedAt) unknownUser()
    if (isOwn) await prove(deps, account, proof, call)
    const seen = account.passwordHash
    const decide = (now: Account, otherAdmins: number) => {
      // It was replaced since it was compared, maybe by the owner, who then knows another one.
      if (isOwn && now.passwordHash !== seen) throw wrongPassword()
      return eraseAccount(now, otherAdmins, deps.now())
    }
    if (!(await deps.erasures.erase(id, decide, traceOf(call)))) unknownUser()
  }
}

async function prove(deps: Deps, account: Account, proof: Proof, call: Call): Promise<void> {
  if (account.passwordHash === undefined)
    requireFreshLogin(await deps.sessions.ofUser(account.id, deps.now()), proof.sessionId, deps.now())
  else if (!(await isPasswordOf(deps.passwords, proof.password, account.passwordHash))) throw wrongPassword()
  await deps.proveSecondFactor(account, proof.code, call)
}

/** One answer names so many. */
const toldAtOnce = 100

/**
 * Whose data a context has to erase, and confirm it. Nobody is named before `settleMs` after the erasure: by then no request
 * of the person is under way that could still store something, so what is erased stays erased.
 */
export function listErasures({
  erasures,
  settleMs,
  now,
}: Pick<Deps, 'erasures' | 'now'> & { readonly settleMs: number }) {
  return async (context: string, call: Call): Promise<readonly UserId[]> => {
    requireSystem(call)
    const before = new Date(now().getTime() - settleMs)
    return erasures.unconfirmed(contextOf(context), before, toldAtOnce)
  }
}

export function confirmErasures({ erasures, now }: Pick<Deps, 'erasures' | 'now'>) {
  return async (name: string, ids: readonly UserId[], call: Call): Promise<void> => {
    requireSystem(call)
    const [context, at] = [contextOf(name), now()]
    const decide = (account: Account) => confirmErasure(account, context, at)
    await erasures.confirm(context, ids, decide, at, traceOf(call))
  }
}

/** What is done about erasures. */
export const erasureUses = (deps: Deps & { readonly settleMs: number }) => ({
  eraseUser: eraseUser(deps),
  listErasures: listErasures(deps),
  confirmErasures: confirmErasures(deps),
})

function contextOf(name: string): ErasingContext {
  const context = erasingContexts.find((each) => each === name)
  if (context) return context
  throw new Refusal('invalid', 'user.context-unknown', `no context that erases is called ${name}`)
}
