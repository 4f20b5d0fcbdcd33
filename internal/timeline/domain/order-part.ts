import { entry, wait, type Entry, type Part, type Wait } from './entry.ts'

type Step = { readonly status: string; readonly at: string; readonly reason?: string }

/** The order's own row. */
export type OrderFacts = {
  readonly id: string
  readonly status: string
  readonly history: readonly Step[]
  readonly paymentStatus: string
  readonly fulfilmentStatus: string
  /** What was captured comes to what was due. */
  readonly moneyTaken: boolean
  readonly holdUntil: Date | null
  readonly closing: { readonly to: string } | null
  readonly closingSince: Date | null
  readonly reviving: { readonly isOff?: boolean } | null
  readonly revivingSince: Date | null
  readonly awaitsFirstPayment: boolean
  readonly awaitsRelease: boolean
  readonly awaitsCart: boolean
  readonly cartId: string | null
  readonly updatedAt: Date
}

/** A shipment or a return. */
export type ParcelFacts = {
  readonly id: string
  readonly kind: 'shipment' | 'return'
  readonly status: string
  readonly history: readonly Step[]
  readonly detail: Readonly<Record<string, string | null>>
  /** Its goods or its money are not booked yet. */
  readonly awaits: readonly string[]
}

export function orderPart(order: OrderFacts, parcels: readonly ParcelFacts[]): Part {
  const steps = order.history.map(({ status, at, reason }, index) => {
    const what = `order.${index === 0 ? 'created' : nameOf(status, order.history[index - 1]?.status)}`
    return entry(new Date(at), 'order', what, order.id, { detail: { status, reason } })
  })
  return {
    entries: [...steps, ...parcels.flatMap(parcelEntries)],
    waits: [...orderWaits(order), ...parcels.flatMap(parcelWaits)],
  }
}

/** An expired order that becomes paid was revived. */
const nameOf = (status: string, before: string | undefined): string =>
  before === 'expired' && status === 'paid' ? 'revived' : status

function parcelEntries({ id, kind, history, detail }: ParcelFacts): readonly Entry[] {
  return history.map(({ status, at }) => entry(new Date(at), 'order', `${kind}.${status}`, id, { detail }))
}

function orderWaits(order: OrderFacts): readonly Wait[] {
  const { id, closingSince, revivingSince, updatedAt } = order
  const reached = new Date(order.history.at(-1)?.at ?? updatedAt)
  const until = order.holdUntil ?? undefined
  const found: Wait[] = []
  if (order.status === 'pending') found.push(wait('stock-decision', reached, id))
  if (order.closing)
    found.push(wait('payments-before-end', closingSince ?? updatedAt, id, { detail: order.closing }))
  else if (order.awaitsFirstPayment) found.push(wait('payment-begins', reached, id, { until }))
  else if (order.status === 'confirmed' && !order.moneyTaken)
    found.push(wait('payment', reached, id, { until }))
  if (order.reviving && !order.reviving.isOff) found.push(wait('revival', revivingSince ?? updatedAt, id))
  if (order.awaitsRelease) found.push(wait('stock-release', reached, id))
  if (order.awaitsCart) found.push(wait('cart-told', reached, order.cartId ?? id))
  const isToShip = order.status === 'paid' && ['none', 'partial'].includes(order.fulfilmentStatus)
  if (isToShip) found.push(wait('shipment', reached, id))
  return found
}

/** Who has to do something about a parcel that has this status. */
const parcelSteps: Readonly<Record<string, string>> = {
  'shipment.packed': 'carrier-takes-parcel',
  'shipment.shipped': 'delivery',
  'return.requested': 'return-decision',
  'return.approved': 'returned-goods',
  'return.received': 'return-refund',
}

function parcelWaits({ id, kind, status, history, awaits }: ParcelFacts): readonly Wait[] {
  const since = new Date(history.at(-1)?.at ?? 0)
  const step = parcelSteps[`${kind}.${status}`]
  return [...(step ? [step] : []), ...awaits].map((what) => wait(what, since, id))
}
