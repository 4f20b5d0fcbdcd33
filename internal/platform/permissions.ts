import { Refusal } from './refusal.ts'

/**
 * What staff and API keys may be allowed, and what routes ask for. Reading does not follow from writing. Admins have all
 * of it, and what is missing here only they may do: staff, their permissions, and API keys.
 */
export const permissionTexts = {
  'products:read': 'see what customers do not see of products',
  'products:write': 'add, change and delete products',
  'stock:read': 'see what customers do not see of stock',
  'stock:write': 'book deliveries, losses and counts',
  'orders:read': 'see the orders of everybody',
  'orders:write': 'change, ship and cancel the orders of everybody, and take goods back',
  'payments:read': 'see the money of all orders, and what waits for a decision',
  'payments:write': 'capture, void, refund, and record money that came or went by hand',
  'customers:read': 'see the accounts of everybody',
  'customers:write': 'block accounts of customers',
  'promotions:read': 'see promotions',
  'promotions:write': 'add, change and delete promotions',
  'shipping:read': 'see shipping methods',
  'shipping:write': 'add, change and delete shipping methods',
  'taxes:read': 'see tax rates',
  'taxes:write': 'add, change and delete tax rates',
  'webhooks:read': 'see where events are sent, and what was delivered',
  'webhooks:write': 'change where events are sent, and send them again',
  'notifications:read': 'see what was sent to whom',
  'notifications:write': 'send it again',
  'operations:read': 'see dead letters and run the audit',
  'operations:write': 'publish dead letters again, or discard them',
  'log:read': 'see who did what',
  'analytics:read': 'see how the shop goes',
} as const

export type Permission = keyof typeof permissionTexts

export const permissions = Object.keys(permissionTexts) as readonly Permission[]

export const isPermission = (text: string): text is Permission => Object.hasOwn(permissionTexts, text)

/** In the order of the list, each once. Refuses what is not in it. */
export function parsePermissions(texts: readonly string[]): readonly Permission[] {
  const unknown = texts.find((text) => !isPermission(text))
  if (unknown === undefined) return permissions.filter((permission) => texts.includes(permission))
  throw new Refusal('invalid', 'permission.unknown', `there is no permission ${unknown.slice(0, 50)}`)
}

export const permissionMissing = (permission: Permission): Refusal =>
  new Refusal('forbidden', 'auth.permission-missing', `this needs the permission ${permission}`, {
    permission,
  })
