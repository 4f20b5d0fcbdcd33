import { judgeHistories, judgeSettlements } from '../../internal/audit/domain/judge-orders.ts'
import { judgeStreams, type StoredStream } from '../../internal/audit/domain/judge-streams.ts'
import type { Order, UserId } from '../../internal/order/domain/order.ts'
import { streamOf, streams } from '../../internal/platform/streams.ts'
import type { Answered } from './clients.ts'
import type { Broker } from './broker.ts'
import { judgeCarts } from './judge-carts.ts'
import { judgeCheckouts } from './judge-checkouts.ts'
import { judgeRedemptions } from './judge-redemptions.ts'
import type { Setup } from './parts.ts'
import { judgeMessages } from './judge-messages.ts'
import type { MailServer } from './mail-server.ts'
import { judgeMoney } from './judge-money.ts'
import { judgeParcels } from './judge-parcels.ts'
import { judgeStock } from './judge-stock.ts'
import { judgeWebhooks } from './judge-webhooks.ts'
import type { Receiver } from './receiver.ts'
import type { Stores } from './stores.ts'
import type { World } from './world.ts'

type Ended = {
  readonly world: World
  readonly stores: Stores
  readonly broker: Broker
  readonly answered: Answered
  readonly invented: ReadonlySet<string>
  readonly snapshots: Parameters<typeof judgeMoney>[0]['snapshots']
  /** In a world without payments, orders are paid by word alone. */
  readonly setup: Pick<Setup, 'pays' | 'tells' | 'carts'>
  readonly mailServer: MailServer
  readonly receiver: Receiver
}

/** Checks everything that must be true when the system is at rest. Returns each violation in words. */
export async function judge(ended: Ended): Promise<readonly string[]> {
  const { orders } = await ended.stores.orders.page({
    ...{ userId: undefined, status: undefined, after: undefined },
    limit: Number.MAX_SAFE_INTEGER,
  })
  return [
    ...(await judgeAnswers(ended, orders)),
    ...judgeOrders(ended, orders),
    ...judgeStock(ended.stores, orders),
    ...judgeParcels(ended, orders),
    ...(ended.setup.pays ? judgeMoney(ended, orders) : []),
    ...(ended.setup.tells ? judgeMessages(ended) : []),
    ...(ended.setup.tells ? await judgeWebhooks(ended) : []),
    ...(ended.setup.carts ? judgeShopping(ended, orders) : []),
    ...judgeOutbox(ended, orders),
    ...judgeDelivery(ended),
    ...judgeLetters(ended),
  ]
}

const judgeShopping = (ended: Ended, orders: readonly Order[]): readonly string[] => [
  ...judgeCheckouts(ended, orders),
  ...judgeCarts(ended, orders),
  ...judgeRedemptions(ended.stores, orders),
]

/** Checks that all answers are true and that no request was executed twice. */
async function judgeAnswers({ stores, answered }: Ended, orders: readonly Order[]): Promise<string[]> {
  const wrong: string[] = []
  const byId = new Map<string, Order>(orders.map((order) => [order.id, order]))
  const owned = new Set<string>()
  for (const { customerId, key, ids } of answered.requests.values()) {
    if (ids.size > 1) wrong.push(`doubled: one request got the orders ${[...ids].join(' and ')}`)
    for (const id of ids) if (!byId.has(id)) wrong.push(`lost: order ${id} was answered and does not exist`)
    const stored = await stores.orders.findByKey(customerId as UserId, key)
    if (stored) owned.add(stored.order.id)
  }
  // Those that were made of carts are judged with their carts.
  for (const { id, terms } of orders)
    if (!terms && !owned.has(id)) wrong.push(`doubled: order ${id} is of no request's key`)
  const statusesOf = (id: string): readonly string[] =>
    byId.get(id)?.history.map(({ status }) => status) ?? []
  for (const id of answered.canceled) {
    if (byId.get(id)?.status !== 'canceled') wrong.push(`lost: the cancellation of order ${id} was answered`)
  }
  for (const { id, to } of answered.advanced) {
    if (!statusesOf(id).includes(to)) wrong.push(`lost: order ${id} was said to be ${to}`)
  }
  for (const { productId, key, quantity } of answered.adjusted) {
    const booked = stores.inventory.tables.movements.filter(
      (movement) => movement.productId === productId && movement.idempotencyKey === key,
    )
    if (booked.length !== 1 || booked[0]?.quantity !== quantity)
      wrong.push(`the adjustment ${key} of ${productId} is booked ${booked.length} times`)
  }
  return wrong
}

/**
 * Checks that all histories are allowed, that every order is decided, and that exactly the right orders have a hold.
 */
function judgeOrders({ world, stores, invented }: Ended, orders: readonly Order[]): string[] {
  const { reservations } = stores.inventory.tables
  const known = new Set<string>(orders.map(({ id }) => id))
  // The hold of an invented order is released when the handling of its message ends. When the message is lost, there
  // is no outbox that could bring it back. Then the hold stays until an operator sees it in the audit. See
  // docs/reliability.md.
  const isForgotten = (id: string): boolean => invented.has(id) && hasLostMessages(world)
  const strays = [...reservations.keys()].filter((id) => !known.has(id) && !isForgotten(id))
  const histories = judgeHistories(
    orders.map(({ id, history, status, version }) => {
      return { path: history.map((change) => change.status), status, version, count: 1, ids: [id] }
    }),
  )
  const stateOf = (id: string) => reservations.get(id as never)?.status
  const settlements = judgeSettlements([
    ...orders.map(({ id, status }) => {
      return { order: status, reservation: stateOf(id), isRecent: false, count: 1, ids: [id] }
    }),
    ...strays.map((id) => {
      return { order: undefined, reservation: stateOf(id), isRecent: false, count: 1, ids: [id] }
    }),
  ])
  return [...histories.offenders, ...settlements.offenders]
}

/** Checks that there is one event for each change, versions have no gaps, and no event is about something unknown. */
function judgeOutbox({ stores }: Ended, orders: readonly Order[]): string[] {
  const versions = new Map<string, number[]>()
  for (const { aggregateType, aggregateId, aggregateVersion } of stores.outbox) {
    const key = `${aggregateType} ${aggregateId}`
    versions.set(key, [...(versions.get(key) ?? []), aggregateVersion])
  }
  const { stock, reservations, products, categories } = stores.inventory.tables
  const { shipments, returns } = stores.orders.files
  const gates = [...stores.payments.tables.accounts.values()].map(({ gate }) => gate)
  const wanted = new Map<string, number>([
    ...[...shipments.values()].map(({ id, version }) => [`shipment ${id}`, version] as const),
    ...[...returns.values()].map(({ id, version }) => [`return ${id}`, version] as const),
    ...orders.map(({ id, version }) => [`order ${id}`, version] as const),
    ...[...reservations.values()].map(({ orderId, version }) => [`reservation ${orderId}`, version] as const),
    ...[...stock.values()].map(({ productId, adjustments }) => [`stock ${productId}`, adjustments] as const),
    ...[...products.values()].map(({ id, version }) => [`product ${id}`, version] as const),
    ...[...categories.values()].map(({ id, version }) => [`category ${id}`, version] as const),
    ...stores.carts.all().map(({ id, version }) => [`cart ${id}`, version] as const),
    ...gates.map(({ orderId, version }) => [`payment ${orderId}`, version] as const),
  ])
  const wrong = [...versions.keys()].filter((key) => !wanted.has(key)).map((key) => `events of no ${key}`)
  for (const [key, last] of wanted) {
    const told = versions.get(key) ?? []
    const isWhole = told.length === last && told.every((version, index) => version === index + 1)
    if (!isWhole) wrong.push(`${key} has version ${last}, and its events are ${told.join(', ') || 'none'}`)
  }
  return wrong
}

/** Checks that every event is in its stream, and that the outside subscriber got each event that it subscribed to. */
function judgeDelivery({ stores, broker }: Ended): string[] {
  const events = new Map<string, { published: Map<string, number>; unpublished: Set<string> }>()
  for (const { id, subject, occurredAt } of stores.outbox) {
    const family = subject.split('.')[0] ?? ''
    const told = events.get(family) ?? {
      published: new Map<string, number>(),
      unpublished: new Set<string>(),
    }
    told.published.set(id, occurredAt.getTime())
    events.set(family, told)
  }
  const stored = streams.map(({ name, family }): StoredStream => {
    const messages = broker.streams().get(name)?.messages ?? []
    const ids = messages.map(
      ({ headers, seq }) => [headers.find(([key]) => key === 'ce-id')?.[1] ?? '', seq] as const,
    )
    return {
      name,
      family,
      exists: broker.streams().has(name),
      expiredBeforeMs: 0,
      events: new Map(ids),
      nameless: [],
    }
  })
  const presence = judgeStreams(events, stored, new Map()).flatMap(({ violations, offenders }) =>
    violations > 0 ? offenders : [],
  )
  const missed = stores.outbox
    .filter(({ subject }) => ['ORDERS', 'STOCK'].includes(streamOf(subject)))
    .filter(({ id }) => !stores.received.has(id))
    .map(({ id, subject }) => `lost: no subscriber outside has had ${subject} ${id}`)
  return [...presence, ...missed]
}

/** Checks that no message became a dead letter twice. */
function judgeLetters({ stores }: Ended): string[] {
  const keys = stores.letters.all().map(({ subscription, messageKey }) => `${subscription} ${messageKey}`)
  return keys.filter((key, index) => keys.indexOf(key) !== index).map((key) => `two dead letters of ${key}`)
}

const losses: readonly string[] = ['wipe the store', 'put the copy back', 'delete a stream']
const hasLostMessages = ({ counts }: World): boolean => losses.some((loss) => counts.has(loss))
