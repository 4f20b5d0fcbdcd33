import type { HttpMethod } from '../http-methods.ts'

/**
 * The class in which a request competes for a place. `operations` always get one, so that an overloaded process can be
 * watched.
 */
export type Traffic = 'operations' | 'orders' | 'credentials' | 'others'

export type Limited = Exclude<Traffic, 'operations'>

export const limitedTraffic: readonly Limited[] = ['orders', 'credentials', 'others']

/** Classifies a request by its request line alone. */
export type TrafficOf = (method: string, url: string) => Traffic

type Classed = {
  readonly method: HttpMethod
  readonly path: string
  readonly admission?: Limited | undefined
}

/**
 * Uses the classes that the endpoints declare. A path is compared up to its first parameter, and every URL that begins
 * with it belongs to its class. A URL that only looks like a route of orders is classed as one too, and gets its 404
 * later.
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
