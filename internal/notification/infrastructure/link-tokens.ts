import { createHmac, timingSafeEqual } from 'node:crypto'
import { isUuid } from '../../platform/uuid.ts'
import type { ReadToken } from '../application/preferences.ts'
import type { UserId } from '../domain/delivery.ts'

export type LinkTokens = {
  readonly write: (userId: UserId, kind: string) => string
  readonly read: ReadToken
}

const macBytes = 16

/** What a link of a mail may do: stop mails of one kind to one person. It never expires, because mails are kept for years. */
export function linkTokens(secret: Buffer): LinkTokens {
  const mac = (payload: string): Buffer =>
    createHmac('sha256', secret).update(`unsubscribe ${payload}`).digest().subarray(0, macBytes)
  return {
    write(userId, kind) {
      const payload = Buffer.from(`${userId} ${kind}`).toString('base64url')
      return `${payload}.${mac(payload).toString('base64url')}`
    },
    read(token) {
      const [payload = '', signature = '', ...more] = token.split('.')
      const given = Buffer.from(signature, 'base64url')
      const isOurs = given.length === macBytes && timingSafeEqual(given, mac(payload))
      if (!isOurs || more.length > 0) return undefined
      const [userId = '', kind = ''] = Buffer.from(payload, 'base64url').toString().split(' ')
      return isUuid(userId) ? { userId: userId as UserId, kind } : undefined
    },
  }
}
