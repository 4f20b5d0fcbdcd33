import { planOf } from './plan.ts'
import { runSeed } from './run-seed.ts'
import { shrink } from './shrink.ts'
import { seamFaults, type Plan } from './steps.ts'

export type Failure = {
  readonly seed: number
  readonly violations: readonly string[]
  /** The shortest plan found that still fails. */
  readonly shortest: Plan
  /** The history of the shortest plan. */
  readonly history: readonly string[]
}

export type Campaign = {
  readonly seeds: number
  readonly ms: number
  /** How often each fault struck, and how often each thing happened that must happen in a campaign. */
  readonly counts: ReadonlyMap<string, number>
  /** The first failure, which ends the campaign. */
  readonly failure: Failure | undefined
}

type Wanted = {
  readonly from: number
  readonly seeds: number
  /** True to skip the search for the shortest plan. */
  readonly isQuick?: boolean
  readonly onProgress?: (done: number) => void
}

/** What must happen at least once. A campaign in which something of this never happened proves nothing about it. */
export const mustHappen: readonly string[] = [
  ...['crash', 'crash before an effect', 'crash after an effect', 'stop', 'stall', 'slow'],
  ...['lost answer', 'failed call', 'bug', 'dropped acknowledgement', 'lost wake-up', 'late acknowledgement'],
  ...['lost publish answer', 'refused publication', 'lose the locks', 'two producers on one lane'],
  ...['cut off', 'broker away', 'restart the broker', 'wipe the store', 'keep a copy', 'put the copy back'],
  ...['delete a stream', 'delete the consumers', 'redeliver everything', 'reorder', 'stream full'],
  ...['database away', 'step the clock', 'late commit', 'poison', 'dead letter', 'requeue', 'discard'],
  ...['redelivery', 'duplicate publication', 'epoch', 'max_ack_pending reached', 'stale acknowledgement'],
  ...['sweeper settled', 'sweeper released', 'tombstone', 'retry', 'answered again'],
  ...['order confirmed', 'order rejected', 'order canceled', 'order completed', 'stock adjusted'],
  ...[
    'order paid',
    'order expired',
    'payment captured',
    'payment failed',
    'payment canceled',
    'payment expired',
  ],
  ...['payment late', 'payment overpaid', 'refund succeeded', 'approved too late', 'call without an answer'],
  ...['provider away', 'provider fails', 'provider hangs', 'webhooks spoiled'],
  ...['webhook', 'webhook lost', 'forged webhook refused'],
  ...['webhook delivered', 'webhook sent again', 'endpoint resumed'],
  ...['cart item_added', 'cart item_changed', 'cart promotions_changed', 'cart merged', 'cart abandoned'],
  ...['cart locked', 'cart reopened', 'cart ordered', 'checkout', 'checkout answered again'],
  ...['checkout refused: cart.version-mismatch', 'checkout refused: checkout.total-changed'],
  ...['cart refused: promotion.not-applicable', 'redemption confirmed', 'redemption released'],
  ...[...seamFaults, 'sweeper told', 'sweeper reaped'],
]

/** Runs one seed after the other until one fails. */
export async function runCampaign({ from, seeds, isQuick = false, onProgress }: Wanted): Promise<Campaign> {
  const startedAt = performance.now()
  const counts = new Map<string, number>()
  let failure: Failure | undefined
  let done = 0
  while (done < seeds && !failure) {
    const seed = from + done++
    const outcome = await runSeed(seed)
    for (const [what, times] of outcome.counts) counts.set(what, (counts.get(what) ?? 0) + times)
    if (outcome.violations.length > 0) failure = await explain(seed, isQuick)
    onProgress?.(done)
  }
  return { seeds: done, ms: performance.now() - startedAt, counts, failure }
}

/** The things that must happen and did not. */
export const missingIn = (counts: Campaign['counts']): readonly string[] =>
  mustHappen.filter((what) => (counts.get(what) ?? 0) === 0)

async function explain(seed: number, isQuick: boolean): Promise<Failure> {
  const fails = async (plan: Plan) => (await runSeed(seed, { plan })).violations.length > 0
  const shortest = isQuick ? planOf(seed) : await shrink(planOf(seed), fails)
  const { violations, history } = await runSeed(seed, { plan: shortest, keepsHistory: true })
  return { seed, violations, shortest, history }
}
