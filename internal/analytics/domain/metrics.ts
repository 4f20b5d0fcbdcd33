import { Refusal } from '../../platform/refusal.ts'
import type { FactKind } from './fact.ts'

/** What of the facts of a kind is summed up. */
export type Measure = 'count' | 'units' | 'amount'

export type Metric = {
  readonly of: FactKind
  readonly measure: Measure
  /** The metric is a share: its facts for each fact of this kind. */
  readonly per?: FactKind
  /** False when it is known of the whole shop only. */
  readonly isOfProducts: boolean
}

const metrics = {
  orders: { of: 'ordered', measure: 'count', isOfProducts: true },
  units: { of: 'ordered', measure: 'units', isOfProducts: true },
  sales: { of: 'ordered', measure: 'amount', isOfProducts: true },
  revenue: { of: 'paid', measure: 'amount', isOfProducts: true },
  refunded: { of: 'refunded', measure: 'amount', isOfProducts: false },
  views: { of: 'viewed', measure: 'count', isOfProducts: true },
  searches: { of: 'searched', measure: 'count', isOfProducts: false },
  carts: { of: 'carted', measure: 'count', isOfProducts: true },
  checkouts: { of: 'checked-out', measure: 'count', isOfProducts: false },
  conversion: { of: 'cart-ordered', measure: 'count', per: 'carted', isOfProducts: false },
  'sign-ins': { of: 'signed-in', measure: 'count', isOfProducts: false },
} as const satisfies Readonly<Record<string, Metric>>

export const dimensions = ['hour', 'day', 'product', 'category'] as const

export type Dimension = (typeof dimensions)[number]

export const isTime = (by: Dimension): by is 'hour' | 'day' => by === 'hour' || by === 'day'

/** Refuses what is not counted, or not in this way. */
export function parseMetric(name: string, by: string): { readonly metric: Metric; readonly by: Dimension } {
  const dimension = dimensions.find((known) => known === by)
  if (!dimension)
    throw new Refusal('invalid', 'analytics.unknown-by', `by must be one of ${dimensions.join(', ')}`)
  if (!Object.hasOwn(metrics, name)) {
    const known = Object.keys(metrics).join(', ')
    throw new Refusal('invalid', 'analytics.unknown-metric', `metric must be one of ${known}`)
  }
  const metric: Metric = metrics[name as keyof typeof metrics] // it has this property
  if (!metric.isOfProducts && !isTime(dimension))
    throw new Refusal('invalid', 'analytics.not-by', `${name} is counted by hour and by day only`)
  return { metric, by: dimension }
}
