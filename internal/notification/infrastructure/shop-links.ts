import type { Links } from '../domain/catalogue/catalogue.ts'
import type { UserId } from '../domain/delivery.ts'

const withoutSlash = (url: string): string => url.replace(/\/+$/, '')

/** Pages of the shop: ours of web/, or another one that has those which docs/notifications.md names. */
export function shopLinks(shopUrl: string): Links {
  const base = withoutSlash(shopUrl)
  return {
    order: (orderId) => `${base}/orders/${orderId}`,
    cart: `${base}/cart`,
    shop: `${base}/`,
    verifyEmail: (token) => `${base}/verify-email?token=${encodeURIComponent(token)}`,
    resetPassword: (token) => `${base}/reset-password?token=${encodeURIComponent(token)}`,
  }
}

/** A page of the API itself, so that it works in every shop. */
export const unsubscribeLink =
  (publicUrl: string, write: (userId: UserId, kind: string) => string) =>
  (userId: UserId, kind: string): string =>
    `${withoutSlash(publicUrl)}/notifications/unsubscribe?token=${write(userId, kind)}`
