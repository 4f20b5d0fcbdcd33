import type { ComponentType, ReactNode } from 'react'
import { matched } from '../shared/router.tsx'
import { page, pageOf, type OfId } from './lazy-page.ts'
import type { Permission } from './parts/staff.ts'
import type { Texts } from './texts/en.ts'

type Place = {
  readonly to: string
  readonly name: keyof Texts['places']
  readonly permission?: Permission | 'admin'
  readonly Page: ComponentType
}

type Group = { readonly group: keyof Texts['groups']; readonly entries: readonly Place[] }

/** The navigation. */
export const places: readonly Group[] = [
  {
    group: 'work',
    entries: [
      { to: '/', name: 'home', Page: page(() => import('./pages/home/home.tsx'), 'HomePage') },
      {
        to: '/orders',
        name: 'orders',
        permission: 'orders:read',
        Page: page(() => import('./pages/orders/list.tsx'), 'OrdersPage'),
      },
      {
        to: '/money',
        name: 'money',
        permission: 'payments:read',
        Page: page(() => import('./pages/money/money.tsx'), 'MoneyPage'),
      },
    ],
  },
  {
    group: 'catalogue',
    entries: [
      {
        to: '/products',
        name: 'products',
        Page: page(() => import('./pages/products/list.tsx'), 'ProductsPage'),
      },
      {
        to: '/categories',
        name: 'categories',
        Page: page(() => import('./pages/categories/categories.tsx'), 'CategoriesPage'),
      },
      {
        to: '/families',
        name: 'families',
        Page: page(() => import('./pages/families/list.tsx'), 'FamiliesPage'),
      },
      {
        to: '/import',
        name: 'import',
        permission: 'products:read',
        Page: page(() => import('./pages/products/import.tsx'), 'ImportPage'),
      },
    ],
  },
  {
    group: 'rules',
    entries: [
      {
        to: '/promotions',
        name: 'promotions',
        permission: 'promotions:read',
        Page: page(() => import('./pages/rules/promotions.tsx'), 'PromotionsPage'),
      },
      {
        to: '/shipping',
        name: 'shipping',
        permission: 'shipping:read',
        Page: page(() => import('./pages/rules/shipping.tsx'), 'ShippingPage'),
      },
      {
        to: '/taxes',
        name: 'taxes',
        permission: 'taxes:read',
        Page: page(() => import('./pages/rules/taxes.tsx'), 'TaxesPage'),
      },
    ],
  },
  {
    group: 'people',
    entries: [
      {
        to: '/accounts',
        name: 'accounts',
        permission: 'customers:read',
        Page: page(() => import('./pages/people/accounts.tsx'), 'AccountsPage'),
      },
      {
        to: '/keys',
        name: 'keys',
        permission: 'admin',
        Page: page(() => import('./pages/people/keys.tsx'), 'KeysPage'),
      },
    ],
  },
  {
    group: 'running',
    entries: [
      {
        to: '/dead-letters',
        name: 'deadLetters',
        permission: 'operations:read',
        Page: page(() => import('./pages/operations/dead-letters.tsx'), 'DeadLettersPage'),
      },
      {
        to: '/webhooks',
        name: 'webhooks',
        permission: 'webhooks:read',
        Page: page(() => import('./pages/webhooks/list.tsx'), 'WebhooksPage'),
      },
      {
        to: '/notifications',
        name: 'notifications',
        permission: 'notifications:read',
        Page: page(() => import('./pages/operations/notifications.tsx'), 'NotificationsPage'),
      },
      {
        to: '/log',
        name: 'log',
        permission: 'log:read',
        Page: page(() => import('./pages/operations/log.tsx'), 'LogPage'),
      },
      {
        to: '/audit',
        name: 'audit',
        permission: 'operations:read',
        Page: page(() => import('./pages/operations/audit.tsx'), 'AuditPage'),
      },
      {
        to: '/system',
        name: 'system',
        permission: 'operations:read',
        Page: page(() => import('./pages/operations/system.tsx'), 'SystemPage'),
      },
    ],
  },
]

/** Pages that something else leads to. */
const others: readonly Place[] = [
  {
    to: '/account',
    name: 'account',
    Page: page(() => import('./pages/account/account.tsx'), 'AccountPage'),
  },
]

type PlaceOf = Omit<Place, 'name' | 'Page'> & { readonly Page: ComponentType<OfId> }

/** Pages of one thing, by its id. */
const placesOf: readonly PlaceOf[] = [
  {
    to: '/orders/:id',
    permission: 'orders:read',
    Page: pageOf(() => import('./pages/orders/order.tsx'), 'OrderPage'),
  },
  { to: '/families/:id', Page: pageOf(() => import('./pages/families/family.tsx'), 'FamilyPage') },
  { to: '/products/:id', Page: pageOf(() => import('./pages/products/product.tsx'), 'ProductPage') },
  {
    to: '/webhooks/:id',
    permission: 'webhooks:read',
    Page: pageOf(() => import('./pages/webhooks/webhook.tsx'), 'WebhookPage'),
  },
  {
    to: '/dead-letters/:id',
    permission: 'operations:read',
    Page: pageOf(() => import('./pages/operations/dead-letter.tsx'), 'DeadLetterPage'),
  },
]

type Found = { readonly page: ReactNode; readonly permission?: Permission | 'admin' | undefined }

export function pageAt(path: string): Found | undefined {
  const known = [...places.flatMap(({ entries }) => entries), ...others].find(({ to }) => to === path)
  if (known) return { page: <known.Page />, permission: known.permission }
  for (const { to, permission, Page } of placesOf) {
    const id = matched(to, path)
    if (id !== undefined) return { page: <Page key={id} id={id} />, permission }
  }
  return undefined
}
