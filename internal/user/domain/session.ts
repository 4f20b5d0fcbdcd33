import type { Brand } from '../../platform/brand.ts'
import { Refusal } from '../../platform/refusal.ts'
import type { UserId } from './account.ts'

export type SessionId = Brand<string, 'SessionId'>

/** Why a session ends before its time is over. */
export type EndReason =
  | 'logged_out'
  | 'logged_out_everywhere'
  | 'password_changed'
  | 'password_reset'
  | 'identity_linked'
  | 'blocked'
  | 'erased'
  | 'settings'
  | 'too_many'
  | 'token_reused'

/** A login on one device, which lasts until its owner leaves or does not come back for long. */
export type Session = {
  readonly id: SessionId
  readonly userId: UserId
  /** The refresh token of each generation is good for one refresh, which begins the next generation. */
  readonly generation: number
  readonly createdAt: Date
  readonly refreshedAt: Date
  readonly expiresAt: Date
  readonly endedAt: Date | undefined
  /** Undefined too for what an earlier version has ended. */
  readonly endReason: EndReason | undefined
  /** The User-Agent and the address of the login. */
  readonly client: string
  readonly address: string
}

const dayMs = 86_400_000

/** A client whose answer was lost asks again within this time, and two tabs refresh at the same moment. */
export const repeatMs = 10_000

type Beginning = Pick<Session, 'id' | 'userId' | 'client' | 'address'>

export function beginSession(beginning: Beginning, days: number, at: Date): Session {
  const expiresAt = new Date(at.getTime() + days * dayMs)
  const ends = { expiresAt, endedAt: undefined, endReason: undefined }
  return { ...beginning, ...ends, generation: 1, createdAt: at, refreshedAt: at }
}

export const isLiving = ({ endedAt, expiresAt }: Session, at: Date): boolean =>
  endedAt === undefined && expiresAt > at

export const endSession = (session: Session, endReason: EndReason, at: Date): Session => ({
  ...session,
  ...{ endedAt: at, endReason },
})

/**
 * The session after the token of `generation` was spent. A token that was spent just now gets the same session again. One
 * that was spent earlier was kept by somebody who should not have it, or its owner's copy was: the session ends.
 */
export function refreshSession(session: Session, generation: number, days: number, at: Date): Session {
  if (session.endedAt) throw revoked()
  if (session.expiresAt <= at) throw new Refusal('unauthenticated', 'auth.session-expired', 'log in again')
  // Only this shop makes tokens, so one of the future would be of a database that was put back to an earlier state.
  if (generation > session.generation) return endSession(session, 'token_reused', at)
  if (generation === session.generation) {
    const expiresAt = new Date(at.getTime() + days * dayMs)
    return { ...session, generation: generation + 1, refreshedAt: at, expiresAt }
  }
  const isRepeat =
    generation === session.generation - 1 && at.getTime() - session.refreshedAt.getTime() <= repeatMs
  return isRepeat ? session : endSession(session, 'token_reused', at)
}

export const revoked = (): Refusal =>
  new Refusal('unauthenticated', 'auth.session-revoked', 'the session has ended; log in again')
