import type { Delivery } from '../../internal/notification/domain/delivery.ts'
import type { MailServer } from './mail-server.ts'
import type { Stores } from './stores.ts'

type Ended = { readonly stores: Stores; readonly mailServer: MailServer }

/** Events of orders that their buyers get a mail of, whoever they are. */
const told: Readonly<Record<string, string>> = {
  'order.created': 'order.placed',
  'order.confirmed': 'order.confirmed',
  'order.rejected': 'order.rejected',
}

/** No mail is sent twice, what is said to be sent was sent, and every event of an order that is told is told once. */
export function judgeMessages({ stores, mailServer }: Ended): readonly string[] {
  const deliveries = stores.deliveries.all()
  return [
    ...deliveries.flatMap((delivery) => judgeMail(delivery, mailServer.taken.get(delivery.id) ?? 0)),
    ...judgeTelling(stores, deliveries),
  ]
}

/** How often the mail server may have taken a mail of that status. */
const takings: Readonly<Record<Delivery['status'], readonly number[]>> = {
  queued: [0],
  sending: [],
  sent: [1],
  failed: [0],
  skipped: [0],
  unknown: [0, 1],
}

function judgeMail({ id, status, kind }: Delivery, times: number): readonly string[] {
  if (takings[status].includes(times)) return []
  return [`the mail ${id} (${kind}) is ${status}, and was taken ${times} times`]
}

function judgeTelling(stores: Stores, deliveries: readonly Delivery[]): readonly string[] {
  const counts = new Map<string, number>()
  for (const { eventId, kind } of deliveries) {
    const key = `${eventId} ${kind}`
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  const doubled = [...counts].filter(([, count]) => count > 1).map(([key]) => `told twice: ${key}`)
  const buried = new Set(stores.letters.all().map(({ eventId }) => eventId))
  const untold = stores.outbox.filter(({ id, subject }) => {
    const kind = told[subject]
    return kind !== undefined && !buried.has(id) && !counts.has(`${id} ${kind}`)
  })
  return [...doubled, ...untold.map(({ id, subject }) => `nobody was told of ${subject} ${id}`)]
}
