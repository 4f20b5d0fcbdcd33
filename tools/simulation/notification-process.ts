import { pino } from 'pino'
import { pace } from '../../internal/notification/application/pace.ts'
import type { Mail } from '../../internal/notification/application/ports.ts'
import { sendDue } from '../../internal/notification/application/send-due.ts'
import { tellPeople } from '../../internal/notification/application/tell-people.ts'
import { tellStaff } from '../../internal/notification/application/tell-staff.ts'
import type { Delivery, DeliveryId } from '../../internal/notification/domain/delivery.ts'
import { notificationReactions } from '../../internal/notification/infrastructure/notification-reactions.ts'
import { serviceOwners } from '../../internal/notification/infrastructure/owners.ts'
import { runSender } from '../../internal/notification/infrastructure/run-sender.ts'
import { staffReactions } from '../../internal/notification/infrastructure/staff-reactions.ts'
import { reactionRpc } from '../../internal/platform/reaction.ts'
import { createSignal } from '../../internal/platform/signal.ts'
import type { Parts, ReactionHandlers } from './parts.ts'
import type { Process } from './process.ts'
import { startWebhooks } from './webhook-process.ts'

/** Shorter than in the product, so that more happens in less simulated time. */
const leaseMs = 8_000
const withinMs = 86_400_000
const mailsPerSecond = 1_000
const senders = 2
const channels = ['email'] as const

/** Starts one life of a notification process: its reactions, and those that send mails and webhooks. */
export function startNotification(parts: Parts, process: Process): ReactionHandlers {
  const { network, stores, newUuid } = parts
  const now = (): Date => parts.now(process)
  const deliveries = network.over(process, 'deliveries', stores.deliveries)
  const signals = Array.from({ length: senders }, createSignal)
  const send = sendDue({
    ...{ deliveries, now, channels, leaseMs },
    pace: pace(mailsPerSecond, now),
    make: async (delivery) => ({ mail: mailOf(delivery) }),
    carriers: { email: parts.mailServer.as(process) },
    failpoint: () => undefined, // processes die before and after each of their effects anyway
    report: () => undefined,
  })
  const log = pino({ level: 'silent' })
  const nextDue = () => deliveries.nextDue(channels)
  for (const signal of signals)
    void runSender({ send, nextDue, signal, now, log, onRound: () => undefined }, process.stop.signal)
  startWebhooks(parts, process)
  const telling = {
    ...{ deliveries, now, withinMs },
    owners: ownersFor(parts, process),
    preferences: { find: async () => new Map() },
    newDeliveryId: () => newUuid(process) as DeliveryId,
    wake: () => signals.forEach((signal) => signal.notify()),
  }
  return reactionRpc(
    {
      ...notificationReactions(tellPeople({ ...telling, channels })),
      ...staffReactions(tellStaff({ ...telling, channels: [] })),
      'erase-notification': async () => [],
    },
    async () => ({}),
  )
}

/** What a mail says is tested elsewhere. */
const mailOf = ({ id }: Delivery): Mail => ({
  ...{ id, to: { email: 'a@example.com', name: '', phone: '' }, subject: '', text: '', html: '' },
  ...{ attachments: [], unsubscribeUrl: undefined },
})

/** Whose an order is, is all that is asked here. */
const ownersFor = (parts: Parts, process: Process) => {
  const order = parts.ordersFor(process)
  const { order: find } = serviceOwners({
    ...{ order, payment: parts.paymentsFor(process), cart: parts.cartsFor(process) },
    user: { getUser: nobody, describeMailRequest: nobody },
  })
  return { order: find }
}

const nobody = (): Promise<never> => Promise.reject(new Error('nobody has an account here'))
