import type { Faults } from './faults.ts'
import type { Dialect, Payment } from './payment.ts'

/** Everything that the sandbox remembers. It changes by `apply` alone, so a file of its puts brings it back. */
export type World = {
  /** Part of every id, so that two sandboxes never give the same one. */
  seed: string
  /** Counts the ids. */
  sequence: number
  faults: Faults
  /** Where Stripe's webhooks go. */
  webhookUrl: string
  readonly payments: Map<string, Payment>
  /** The payments' refs in the order in which they were made. */
  readonly order: string[]
  /** The ref of the payment of each refund, dispute and charge. */
  readonly owners: Map<string, string>
  readonly keys: Map<string, KeptAnswer>
  readonly events: Map<string, KeptEvent>
  /** Webhooks that are still to be sent. */
  readonly deliveries: Map<string, Delivery>
  /** Payments that change by themselves. */
  readonly sleepers: Set<string>
}

/** What was answered under an idempotency key. */
export type KeptAnswer = {
  readonly key: string
  readonly dialect: Dialect
  /** Tells whether a later call with the key is the same call. */
  readonly request: string
  readonly status: number
  readonly body: string
  readonly at: number
}

export type KeptEvent = {
  readonly id: string
  readonly type: string
  readonly body: string
  readonly at: number
}

export type Delivery = {
  readonly id: string
  readonly dialect: Dialect
  readonly url: string
  readonly body: string
  /** Signed with a secret that is not the account's, or about something that does not exist. */
  readonly isForged: boolean
  readonly attempts: number
  readonly at: number
}

export type Put =
  | { readonly table: 'seed' | 'webhookUrl'; readonly value: string }
  | { readonly table: 'sequence'; readonly value: number }
  | { readonly table: 'faults'; readonly value: Faults }
  | { readonly table: 'payment'; readonly value: Payment }
  | { readonly table: 'key'; readonly value: KeptAnswer }
  | { readonly table: 'event'; readonly value: KeptEvent }
  | { readonly table: 'delivery'; readonly value: Delivery }
  | { readonly table: 'delivered'; readonly value: string }

/** Stripe keeps its events for thirty days; this is for a look at the last ones. */
const mostEvents = 1_000

const keyLifetimeMs: Readonly<Record<Dialect, number>> = { stripe: 86_400_000, mollie: 3_600_000 }

export function emptyWorld(faults: Faults): World {
  return {
    ...{ seed: '', sequence: 0, faults, webhookUrl: '' },
    payments: new Map(),
    order: [],
    owners: new Map(),
    keys: new Map(),
    events: new Map(),
    deliveries: new Map(),
    sleepers: new Set(),
  }
}

export function apply(world: World, put: Put): void {
  switch (put.table) {
    case 'seed':
      world.seed = put.value
      break
    case 'webhookUrl':
      world.webhookUrl = put.value
      break
    case 'sequence':
      world.sequence = put.value
      break
    case 'faults':
      world.faults = put.value
      break
    case 'payment':
      keepPayment(world, put.value)
      break
    case 'key':
      world.keys.set(put.value.key, put.value)
      break
    case 'event':
      world.events.set(put.value.id, put.value)
      dropOldest(world.events, mostEvents)
      break
    case 'delivery':
      world.deliveries.set(put.value.id, put.value)
      break
    case 'delivered':
      world.deliveries.delete(put.value)
  }
}

function dropOldest(events: Map<string, KeptEvent>, most: number): void {
  const [oldest] = events.keys()
  if (events.size > most && oldest !== undefined) events.delete(oldest)
}

function keepPayment(world: World, payment: Payment): void {
  const { ref, chargeId, refunds, disputes, wakeAt } = payment
  if (!world.payments.has(ref)) world.order.push(ref)
  world.payments.set(ref, payment)
  if (chargeId !== '') world.owners.set(chargeId, ref)
  for (const { id } of [...refunds, ...disputes]) world.owners.set(id, ref)
  if (wakeAt === undefined) world.sleepers.delete(ref)
  else world.sleepers.add(ref)
}

/** What is left of a world when its history is dropped: the puts that make it again. */
export function putsOf(world: World, now: number): readonly Put[] {
  const isFresh = (kept: KeptAnswer): boolean => isKept(kept, now)
  return [
    { table: 'seed', value: world.seed },
    { table: 'sequence', value: world.sequence },
    { table: 'faults', value: world.faults },
    { table: 'webhookUrl', value: world.webhookUrl },
    ...world.order.flatMap((ref): Put[] => {
      const value = world.payments.get(ref)
      return value ? [{ table: 'payment', value }] : []
    }),
    ...[...world.keys.values()].filter(isFresh).map((value): Put => ({ table: 'key', value })),
    ...[...world.events.values()].map((value): Put => ({ table: 'event', value })),
    ...[...world.deliveries.values()].map((value): Put => ({ table: 'delivery', value })),
  ]
}

export function isKept({ dialect, at }: KeptAnswer, now: number): boolean {
  return now - at < keyLifetimeMs[dialect]
}
