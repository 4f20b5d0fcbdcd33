import type { Brand } from '../../platform/brand.ts'

export type MailRequestId = Brand<string, 'MailRequestId'>

export type MailRequestKind = 'password-reset' | 'email-verification'

/** A mail that an account's owner shall get, with a link that is good once. */
export type MailRequest = {
  readonly id: MailRequestId
  readonly kind: MailRequestKind
  readonly createdAt: Date
  readonly expiresAt: Date
  /** It was used, or something has made it void. */
  readonly endedAt: Date | undefined
}

const minuteMs = 60_000

/** So long a link is good. Whoever reads a mailbox later sets no password with it. */
const goodForMs: Readonly<Record<MailRequestKind, number>> = {
  'password-reset': 30 * minuteMs,
  'email-verification': 3 * 24 * 60 * minuteMs,
}

/** Nobody fills somebody else's mailbox. Who asks more often is told the same, and the last link stays good. */
export const mailsPerHour = 5

export const hourBefore = (at: Date): Date => new Date(at.getTime() - 60 * minuteMs)

export function openMailRequest(id: MailRequestId, kind: MailRequestKind, at: Date): MailRequest {
  return { id, kind, createdAt: at, expiresAt: new Date(at.getTime() + goodForMs[kind]), endedAt: undefined }
}

export const isOpen = ({ endedAt, expiresAt }: MailRequest, at: Date): boolean =>
  endedAt === undefined && expiresAt > at
