import { createApiKey, deleteApiKey, findApiKey, listApiKeys } from './api-keys.ts'
import type { SessionDeps } from './begin-session.ts'
import { confirmEmailVerification, confirmPasswordReset, describeMailRequest } from './confirm-mail.ts'
import { findAccount } from './find-account.ts'
import { getUser } from './get-user.ts'
import {
  beginIdentityLogin,
  finishIdentityLogin,
  redeemLoginCode,
  type IdentityLoginDeps,
} from './identity-login.ts'
import { endOwnSession, endOwnSessions, listEndings, listSessions, refreshPair } from './keep-sessions.ts'
import { listIdentities, unlinkOwnIdentity } from './own-identities.ts'
import { requestEmailVerification, requestPasswordReset } from './request-mail.ts'
import { beginOwnSecondFactor, confirmOwnSecondFactor, removeOwnSecondFactor } from './second-factors.ts'
import { changeAccessOf, listUsers } from './staff-users.ts'
import { updateProfile } from './update-profile.ts'

// What each part of the service does, from what it needs.

export const accountUses = (
  deps: Parameters<typeof updateProfile>[0] & Parameters<typeof changeAccessOf>[0],
) => ({
  findAccount: findAccount(deps),
  getUser: getUser(deps),
  updateProfile: updateProfile(deps),
  listUsers: listUsers(deps),
  changeAccessOf: changeAccessOf(deps),
})

export const secondFactorUses = (deps: Parameters<typeof beginOwnSecondFactor>[0]) => ({
  beginOwnSecondFactor: beginOwnSecondFactor(deps),
  confirmOwnSecondFactor: confirmOwnSecondFactor(deps),
  removeOwnSecondFactor: removeOwnSecondFactor(deps),
})

export const apiKeyUses = (deps: Parameters<typeof createApiKey>[0]) => ({
  createApiKey: createApiKey(deps),
  listApiKeys: listApiKeys(deps),
  deleteApiKey: deleteApiKey(deps),
  findApiKey: findApiKey(deps),
})

export const sessionUses = (deps: SessionDeps & Pick<IdentityLoginDeps, 'accounts'>) => ({
  refreshPair: refreshPair(deps),
  listSessions: listSessions(deps),
  endOwnSession: endOwnSession(deps),
  endOwnSessions: endOwnSessions(deps),
  listEndings: listEndings(deps),
})

export const identityUses = (deps: IdentityLoginDeps & Parameters<typeof redeemLoginCode>[0]) => ({
  providers: deps.providers,
  beginIdentityLogin: beginIdentityLogin(deps),
  finishIdentityLogin: finishIdentityLogin(deps),
  redeemLoginCode: redeemLoginCode(deps),
  listIdentities: listIdentities(deps),
  unlinkOwnIdentity: unlinkOwnIdentity(deps),
})

type MailDeps = Parameters<typeof requestPasswordReset>[0] &
  Parameters<typeof confirmPasswordReset>[0] &
  Parameters<typeof requestEmailVerification>[0]

export const mailUses = (deps: MailDeps) => ({
  requestPasswordReset: requestPasswordReset(deps),
  confirmPasswordReset: confirmPasswordReset(deps),
  requestEmailVerification: requestEmailVerification(deps),
  confirmEmailVerification: confirmEmailVerification(deps),
  describeMailRequest: describeMailRequest(deps),
})
