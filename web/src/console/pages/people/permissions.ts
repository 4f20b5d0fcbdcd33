import type { StaffUser } from 'tillstream-sdk'

/** All that staff and keys can be allowed, in the order in which it is shown. */
export const permissions = [
  ...(['products:read', 'products:write', 'stock:read', 'stock:write'] as const),
  ...(['orders:read', 'orders:write', 'payments:read', 'payments:write'] as const),
  ...(['customers:read', 'customers:write', 'promotions:read', 'promotions:write'] as const),
  ...(['shipping:read', 'shipping:write', 'taxes:read', 'taxes:write'] as const),
  ...(['webhooks:read', 'webhooks:write', 'notifications:read', 'notifications:write'] as const),
  ...(['operations:read', 'operations:write', 'log:read'] as const),
] satisfies StaffUser['permissions']

const prefix = 'permission.'
export const fieldOf = (permission: string): string => prefix + permission

export const chosenIn = (texts: Readonly<Record<string, string>>): StaffUser['permissions'] =>
  permissions.filter((permission) => texts[fieldOf(permission)] !== undefined)
