import type { Subscription } from '@nats-io/nats-core'
import type { Log } from '../../platform/log.ts'
import type { Nats } from '../../platform/nats.ts'
import { orderLifeSubjects } from '../event-subjects.ts'
import { within } from '../within.ts'

export type OrderHints = {
  /** Resolves when the broker knows that somebody listens. While it is away, nothing is heard. */
  readonly listen: () => Promise<void>
  readonly leave: () => void
}

/** The broker knows of a new subscription after this, or it is away. */
const subscribeWithinMs = 250

/** Hears of which orders something has happened. There may be thousands a second, so it listens only when it is told to. */
export function orderHints(nats: Nats | undefined, log: Log, heard: (orderId: string) => void): OrderHints {
  let subscriptions: readonly Subscription[] = []
  let subscribed: Promise<void> | undefined

  async function subscribe({ connection }: Nats): Promise<void> {
    subscriptions = orderLifeSubjects.map((subject) =>
      connection.subscribe(subject, {
        callback(err, message) {
          if (err) log.warn({ err }, 'an event of an order could not be received')
          else heard(orderIn(message))
        },
      }),
    )
    await within(subscribeWithinMs, connection.flush()).catch(() => undefined)
  }

  return {
    listen() {
      if (!subscribed && nats?.isConnected()) subscribed = subscribe(nats)
      return subscribed ?? Promise.resolve()
    },
    leave() {
      for (const subscription of subscriptions) subscription.unsubscribe()
      subscriptions = []
      subscribed = undefined
    },
  }
}

type Heard = { readonly subject: string; readonly string: () => string } & {
  readonly headers?: { readonly get: (name: string) => string } | undefined
}

/** An event of an order is about the order; one of a parcel or a return names it. */
function orderIn(message: Heard): string {
  if (message.subject.startsWith('order.')) return message.headers?.get('ce-subject') ?? ''
  return /"orderId":"([0-9a-f-]{36})"/.exec(message.string())?.[1] ?? ''
}
