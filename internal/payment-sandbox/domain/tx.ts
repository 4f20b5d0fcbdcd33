import { planWebhooks } from './webhooks.ts'
import type { Change, Moment, Payment } from './payment.ts'
import { stripeEvent } from './stripe/stripe-event.ts'
import { apply, type Put, type World } from './world.ts'

/** One request's view of the world, and what it has changed. */
export type Tx = Moment & {
  readonly world: World
  readonly random: () => number
  /** The address of the hosted pages, without a slash at the end. */
  readonly publicUrl: string
  /** The key under which the call was made; Stripe repeats it in its events. */
  readonly key: string
  readonly put: (put: Put) => void
  /** Stores the payment, and tells the shop by webhooks what has happened. */
  readonly save: (change: Change) => Payment
  readonly puts: readonly Put[]
}

export type TxOptions = Pick<Tx, 'world' | 'random' | 'now' | 'publicUrl' | 'key'>

/** A put is applied at once: requests are handled one after another, and each is stored before it is answered. */
export function openTx(options: TxOptions): Tx {
  const { world } = options
  const puts: Put[] = []
  const put = (one: Put): void => {
    apply(world, one)
    puts.push(one)
  }
  const newId = (prefix: string): string => {
    put({ table: 'sequence', value: world.sequence + 1 })
    return `${prefix}${world.seed}${world.sequence.toString(36).padStart(6, '0')}`
  }
  const tx: Tx = {
    ...options,
    newId,
    put,
    puts,
    save({ payment, facts }) {
      put({ table: 'payment', value: payment })
      for (const { type, id } of facts) {
        if (payment.dialect === 'stripe') {
          const event = stripeEvent(tx, payment, type, id)
          if (event === undefined) continue
          put({ table: 'event', value: event })
          planWebhooks(tx, { dialect: 'stripe', url: world.webhookUrl, body: event.body })
        } else if (type !== 'created') {
          planWebhooks(tx, { dialect: 'mollie', url: payment.notifyUrl, body: `id=${payment.ref}` })
        }
      }
      return payment
    },
  }
  return tx
}
