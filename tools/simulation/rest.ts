import { incarnationOf } from '../../internal/consumer/infrastructure/run-subscription.ts'
import type { Delivery } from '../../internal/notification/domain/delivery.ts'
import type { Clients } from './clients.ts'
import type { DurableState, Stream } from './jetstream.ts'
import type { Desk } from './operators.ts'
import type { Parts } from './parts.ts'
import { unsettledCarts } from './unsettled-carts.ts'
import { unsettledMoney } from './unsettled-money.ts'
import { unsentWebhooks } from './unsent-webhooks.ts'

/** The latest time that a UUIDv7 can hold, which is later than any order. */
const farAway = new Date(2 ** 48 - 1)

/** What keeps the system from being at rest; empty when it is at rest. */
export async function unrest(parts: Parts, clients: Clients, desk: Desk): Promise<readonly string[]> {
  const { setup, stores, broker } = parts
  const left: string[] = []
  if (clients.busy() + desk.busy() > 0) left.push(`${clients.busy() + desk.busy()} clients wait`)
  const statuses = await stores.orders.countByStatus()
  const pending = statuses.get('pending') ?? 0
  if (pending > 0) left.push(`${pending} orders are pending`)
  const unreleased = await stores.orders.unreleasedSince(farAway, 1_000)
  if (unreleased.length > 0) left.push(`${unreleased.length} canceled orders wait for their stock's release`)
  const unbooked = await stores.orders.files.unbookedSince(farAway, 1_000)
  if (unbooked.length > 0) left.push(`${unbooked.length} returns wait for their goods to be booked`)
  // Without the sweeper, nobody ends a hold.
  const held = setup.sweeps ? await stores.orders.files.heldTooLong(farAway, 1_000) : []
  if (held.length > 0) left.push(`${held.length} orders are held until nobody has paid for them`)
  const closing = setup.sweeps ? await stores.orders.files.closingSince(farAway, 1_000) : []
  if (closing.length > 0) left.push(`${closing.length} orders are closing`)
  const waiting = stores.deliveries.all().filter(isUnderWay)
  if (waiting.length > 0) left.push(`${waiting.length} mails wait`)
  left.push(...unsettledMoney(parts), ...(await unsettledCarts(parts)), ...(await unsentWebhooks(parts)))
  const { unpublished } = await stores.mailbox.depth()
  if (unpublished > 0) left.push(`${unpublished} events are not published`)
  for (const stream of broker.streams().values()) {
    for (const { pending: unacknowledged, nextSeq, name: durable } of durablesInUse(stream)) {
      const behind = stream.messages.length - nextSeq + 1 + unacknowledged.size
      if (behind > 0) left.push(`${durable} is ${behind} messages behind in ${stream.name}`)
    }
  }
  return left
}

/** A reminder may be due in an hour. */
const isUnderWay = ({ status, kind }: Delivery): boolean =>
  status === 'sending' || (status === 'queued' && kind !== 'order.hold-ending')

/**
 * The durables without the abandoned ones. A stream that is recreated between a subscription's two questions, for the
 * stream and for its durable, gets a durable with the name of the lost incarnation. The subscription's next start
 * makes the right one and leaves the other behind.
 */
function durablesInUse({ durables, created }: Stream): readonly DurableState[] {
  const incarnation = incarnationOf(created)
  const isAbandoned = (name: string): boolean =>
    !name.endsWith(incarnation) && durables.has(name.replace(/[^-]+$/, incarnation))
  return [...durables.values()].filter(({ name }) => !isAbandoned(name))
}
