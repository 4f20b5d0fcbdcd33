import type { Carrier, Outcome } from '../../internal/notification/application/ports.ts'
import { Refusal } from '../../internal/platform/refusal.ts'
import type { Network } from './network.ts'
import type { Process } from './process.ts'
import type { World } from './world.ts'

/** The server that takes the shop's mails. It survives every crash, and never forgets what it has taken. */
export type MailServer = {
  /** How often each mail was taken, by the id of its delivery. */
  readonly taken: ReadonlyMap<string, number>
  /** As a process reaches it. */
  readonly as: (process: Process) => Carrier
  /** From now on it takes everything. */
  readonly heal: () => void
}

/** It is away, refuses for now, refuses for ever, or takes a mail and does not say so. */
const shares = { away: 0.08, later: 0.06, never: 0.03, silent: 0.05 }

/**
 * A mail goes over the wire in two steps, as by SMTP: before the second one nothing was sent, and without an answer to
 * that nobody knows.
 */
export function newMailServer(world: World, network: Network): MailServer {
  const random = world.random('mail server')
  const taken = new Map<string, number>()
  let isHealed = false
  const fails = (share: number): boolean => random.chance(share) && !isHealed

  function take(id: string): Outcome {
    if (fails(shares.later)) return { kind: 'refused', isFinal: false, failure: 'busy' }
    if (fails(shares.never)) return { kind: 'refused', isFinal: true, failure: 'no such mailbox' }
    taken.set(id, (taken.get(id) ?? 0) + 1)
    return { kind: 'sent' }
  }

  return {
    taken,
    as: (process) => ({
      compose: async ({ id }) => ({ to: id, bytes: Buffer.alloc(0) }),
      async connect() {
        const greet = (): void => {
          if (fails(shares.away)) throw new Refusal('unavailable', 'mail.unavailable', 'nobody takes mails')
        }
        await network.ask({ process, label: 'mail server greets', run: greet })
        return {
          async send({ to: id }) {
            const effect = { process, label: 'mail server takes', run: () => take(id), about: id }
            try {
              const outcome = await network.ask(effect)
              return fails(shares.silent) ? { kind: 'unknown', failure: 'no answer' } : outcome
            } catch (err) {
              return { kind: 'unknown', failure: String(err) }
            }
          },
          release: () => undefined,
        }
      },
    }),
    heal() {
      isHealed = true
    },
  }
}
