import { lazy, type ComponentType, type ReactNode } from 'react'
import { matched } from '../shared/router.tsx'
import type { Permission } from './parts/staff.ts'
import type { Texts } from './texts/en.ts'

type Place = {
  readonly to: string
  readonly name: keyof Texts['places']
  readonly permission?: Permission | 'admin'
  readonly Page: ComponentType
}

type Loading<Props, Name extends string> = () => Promise<Readonly<Record<Name, ComponentType<Props>>>>

/** Every page is loaded when somebody goes there. */
function lazily<Props, Name extends string>(load: Loading<Props, Name>, name: Name): ComponentType<Props> {
  return lazy(async () => {
    const loaded: ComponentType<Props> = (await load())[name]
    return { default: loaded }
  }) as ComponentType<Props> // React's type asks for the props of a type that is not known yet
}

const page = <Name extends string>(load: Loading<object, Name>, name: Name): ComponentType =>
  lazily(load, name)

type OfId = { readonly id: string }
const pageOf = <Name extends string>(load: Loading<OfId, Name>, name: Name): ComponentType<OfId> =>
  lazily(load, name)

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
