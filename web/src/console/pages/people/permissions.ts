import type { StaffUser } from 'tillstream-sdk'

type Permission = StaffUser['permissions'][number]

/** In the order in which they are shown. With one that the API knows and that is missing here, this is no program. */
const all: Readonly<Record<Permission, true>> = {
  ...{ 'products:read': true, 'products:write': true, 'stock:read': true, 'stock:write': true },
  ...{ 'orders:read': true, 'orders:write': true, 'payments:read': true, 'payments:write': true },
  ...{ 'customers:read': true, 'customers:write': true, 'promotions:read': true, 'promotions:write': true },
  ...{ 'shipping:read': true, 'shipping:write': true, 'taxes:read': true, 'taxes:write': true },
  ...{ 'webhooks:read': true, 'webhooks:write': true },
  ...{ 'notifications:read': true, 'notifications:write': true },
  ...{ 'operations:read': true, 'operations:write': true, 'log:read': true, 'analytics:read': true },
}

/** All that staff and keys can be allowed. */
export const permissions = Object.keys(all) as readonly Permission[]

const prefix = 'permission.'
export const fieldOf = (permission: string): string => prefix + permission

export const chosenIn = (texts: Readonly<Record<string, string>>): StaffUser['permissions'] =>
  permissions.filter((permission) => texts[fieldOf(permission)] !== undefined)
