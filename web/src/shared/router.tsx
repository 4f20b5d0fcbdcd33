import { useMemo, type ComponentProps, type MouseEvent } from 'react'
import { store, useStore } from './store.ts'

/** What is before each path of the pages. */
let base = ''
const address = store(location.pathname + location.search)

/** Pages are told apart by the path behind the base: `/shop/cart` is `/cart`. */
export function startRouter(at: string): void {
  base = at
  addEventListener('popstate', () => address.set(location.pathname + location.search))
}

export type Place = { readonly path: string; readonly query: URLSearchParams }

export function usePlace(): Place {
  const now = useStore(address)
  return useMemo(() => {
    const url = new URL(now, location.origin)
    const path = url.pathname.slice(base.length).replace(/\/$/, '') || '/'
    return { path, query: url.searchParams }
  }, [now])
}

export const hrefOf = (to: string): string => base + to

/** With `replaces` the way back leads to the page before this one. */
export function navigate(to: string, { replaces = false, keepsScroll = false } = {}): void {
  const href = hrefOf(to)
  if (replaces) history.replaceState(null, '', href)
  else history.pushState(null, '', href)
  address.set(location.pathname + location.search)
  if (keepsScroll) return
  scrollTo({ top: 0 })
  // Those who do not see the page are told that it is another one.
  requestAnimationFrame(() => document.querySelector<HTMLElement>('main')?.focus({ preventScroll: true }))
}

export function Link({ to, ...rest }: { readonly to: string } & Omit<ComponentProps<'a'>, 'href'>) {
  const follow = (event: MouseEvent<HTMLAnchorElement>): void => {
    rest.onClick?.(event)
    if (event.defaultPrevented || event.button !== 0) return
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    event.preventDefault()
    navigate(to)
  }
  return <a {...rest} href={hrefOf(to)} onClick={follow} />
}

/** The value of `:name` in `/orders/:name`, or undefined when the path is another one. */
export function matched(pattern: string, path: string): string | undefined {
  const prefix = pattern.slice(0, pattern.indexOf(':'))
  const rest = path.slice(prefix.length)
  return path.startsWith(prefix) && rest !== '' && !rest.includes('/') ? decodeURIComponent(rest) : undefined
}
