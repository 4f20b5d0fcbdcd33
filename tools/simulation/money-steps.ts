import type { Random } from '../shared/random.ts'
import type { WayToPay } from './shopping.ts'
import { providerFaults, type MoneyStep, type Planned, type SystemStep } from './steps.ts'

const methods = [
  ...([
    ['card', 'pm_card_visa'],
    ['card', 'pm_card_visa'],
    ['card', 'pm_card_chargeDeclined'],
  ] as const),
  ...([
    ['card', 'pm_card_threeDSecure2Required'],
    ['paypal', ''],
    ['ideal', ''],
    ['invoice', ''],
  ] as const),
]

/** What customers and staff do with money in a run of this length, and what goes wrong at the provider. */
export function moneySteps(random: Random, lengthMs: number): readonly Planned[] {
  const at = (): number => random.integer(0, lengthMs)
  const steps: Planned[] = []
  for (let key = random.integer(3, 14); key > 0; key--) steps.push({ at: at(), step: moneyStep(random, key) })
  for (let left = random.integer(0, 4); left > 0; left--)
    steps.push({ at: at(), step: providerFault(random) })
  return steps
}

function providerFault(random: Random): SystemStep {
  const kind = random.pick(providerFaults)
  // So long that the payments ask what became of a call which may still be carried out.
  return { do: kind, ms: random.integer(500, kind === 'provider hangs' ? 40_000 : 15_000) }
}

function moneyStep(random: Random, key: number): MoneyStep {
  const lot = random.next()
  const nth = random.integer(0, 40)
  if (lot < 0.15)
    return { do: 'refund', nth, key, times: random.integer(1, 4), percent: random.integer(1, 100) }
  if (lot < 0.2) return { do: 'cancel and keep', nth }
  return { do: 'pay', nth, key, ...wayToPay(random) }
}

export function wayToPay(random: Random): WayToPay {
  const [method, token] = random.pick(methods)
  const page = random.pick(['approve', 'approve', 'approve', 'decline', 'leave'] as const)
  // Some come back when the hold of their order is over.
  const pageAfterMs = random.chance(0.4) ? random.integer(15_000, 50_000) : random.integer(0, 4_000)
  return { method, token, page, pageAfterMs }
}
