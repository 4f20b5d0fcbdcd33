/** What requests compete for a place with. `operations` always get one: who watches an overloaded process must see it. */
export type Traffic = 'operations' | 'orders' | 'credentials' | 'others'

export type Limited = Exclude<Traffic, 'operations'>

export const limitedTraffic: readonly Limited[] = ['orders', 'credentials', 'others']

/** By the request line alone, before anything else of the request is looked at. */
export function trafficOf(method: string, url: string): Traffic {
  if (url.startsWith('/orders')) return method === 'GET' ? 'others' : 'orders'
  if (url === '/livez' || url === '/readyz' || url === '/metrics') return 'operations'
  if (url.startsWith('/users/login') || url.startsWith('/users/register')) return 'credentials'
  return 'others'
}
