import type { CallEndpoint } from '../../internal/notification/application/webhook-ports.ts'
import type { WebhookAnswer } from '../../internal/notification/domain/webhook-delivery.ts'
import type { Network } from './network.ts'
import type { Process } from './process.ts'
import type { World } from './world.ts'

/** The back ends that take the shop's webhooks. They survive every crash, and never forget what they have taken. */
export type Receiver = {
  /** What each address has taken, in order, by the ids of the events. */
  readonly taken: ReadonlyMap<string, readonly string[]>
  /** As a process reaches it. */
  readonly as: (process: Process) => CallEndpoint
  /** From now on it takes everything. */
  readonly heal: () => void
}

/** It answers 500, takes a webhook and does not say so, or wants nothing more. */
const shares = { failing: 0.1, silent: 0.05, gone: 0.01 }

export function newReceiver(world: World, network: Network): Receiver {
  const random = world.random('receiver')
  const taken = new Map<string, string[]>()
  let isHealed = false
  const fails = (share: number): boolean => random.chance(share) && !isHealed

  function take(url: string, eventId: string): WebhookAnswer {
    if (fails(shares.failing)) return { kind: 'failed', failure: 'http-500' }
    if (fails(shares.gone)) return { kind: 'gone' }
    const before = taken.get(url) ?? []
    if (before.includes(eventId)) world.count('webhook sent again')
    taken.set(url, [...before, eventId])
    return fails(shares.silent) ? { kind: 'failed', failure: 'timeout' } : { kind: 'taken' }
  }

  return {
    taken,
    as:
      (process) =>
      async ({ url, delivery: { eventId } }) => {
        const run = (): WebhookAnswer => take(url, eventId)
        try {
          return await network.ask({ process, label: 'receiver takes', run, about: eventId })
        } catch {
          return { kind: 'failed', failure: 'timeout' }
        }
      },
    heal() {
      isHealed = true
    },
  }
}
