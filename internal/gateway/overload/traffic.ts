import type { HttpMethod } from '../http-methods.ts'

/** What requests compete for a place with. `operations` always get one: who watches an overloaded process must see it. */
export type Traffic = 'operations' | 'orders' | 'credentials' | 'others'

export type Limited = Exclude<Traffic, 'operations'>

export const limitedTraffic: readonly Limited[] = ['orders', 'credentials', 'others']

/** By the request line alone, before anything else of the request is looked at. */
export type TrafficOf = (method: string, url: string) => Traffic

type Classed = {
  readonly method: HttpMethod
  readonly path: string
  readonly admission?: Limited | undefined
}

/**
 * From what the endpoints say of themselves. A path counts up to its first parameter, and so does all that begins with it:
 * whatever looks like an order is counted as one, and what is no route is refused soon enough.
 */
export function trafficOf(endpoints: readonly Classed[]): TrafficOf {
  const prefixes = new Map<string, Map<string, Limited>>()
  for (const { method, path, admission = 'others' } of endpoints) {
    if (admission === 'others') continue
    const [prefix = path] = path.split('/:')
    const ofMethod = prefixes.get(method) ?? new Map<string, Limited>()
    prefixes.set(method, ofMethod.set(prefix, admission))
  }
  return (method, url) => {
    if (url === '/livez' || url === '/readyz' || url === '/metrics') return 'operations'
    for (const [prefix, admission] of prefixes.get(method) ?? []) if (url.startsWith(prefix)) return admission
    return 'others'
  }
}
