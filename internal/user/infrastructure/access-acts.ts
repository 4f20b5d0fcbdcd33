import type { Act } from '../../platform/act.ts'
import { hasSecondFactor, type Account } from '../domain/account.ts'

/** What the log of who did what keeps of an account: what staff decide about it, and nothing of the person. */
export function accessActs(before: Account, after: Account): readonly Act[] {
  const subjectId = after.id
  if (after.erasedAt) return [{ what: 'user.erased', subjectId }]
  const acts: Act[] = []
  if (String(before.permissions) !== String(after.permissions))
    acts.push({
      ...{ what: 'user.permissions_changed', subjectId },
      ...{ before: { permissions: before.permissions }, after: { permissions: after.permissions } },
    })
  if (before.role !== after.role)
    acts.push({
      ...{ what: 'user.role_changed', subjectId },
      ...{ before: { role: before.role }, after: { role: after.role } },
    })
  const [was, is] = [before, after].map(({ blockedAt }) => blockedAt !== undefined)
  if (was !== is) acts.push({ what: is ? 'user.blocked' : 'user.unblocked', subjectId })
  const [had, has] = [hasSecondFactor(before), hasSecondFactor(after)]
  if (had !== has)
    acts.push({ what: has ? 'user.second_factor_set' : 'user.second_factor_removed', subjectId })
  return acts
}
