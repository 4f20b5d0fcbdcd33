import {
  simulatedCarts,
  simulatedProcesses,
  simulatedTelling,
  simulatedTill,
} from '../shared/constellation.ts'
import { seededFor, type Random } from '../shared/random.ts'
import {
  brokerFaults,
  processFaults,
  type ClientStep,
  type DeskStep,
  type Item,
  type Plan,
  type Planned,
  type ProcessStep,
  type SystemStep,
} from './steps.ts'
import { cartSteps } from './cart-steps.ts'
import { moneySteps } from './money-steps.ts'
import { stormOf } from './storms.ts'

// The plan of one run: the steps of the clients and the faults. It is made from the seed alone, so that steps can be
// left out.

export const productCount = 3
export const customerCount = 4

/** The processes of the run of this seed. */
export const processNames = (seed: number): readonly string[] =>
  Object.entries({
    ...simulatedProcesses,
    ...(paysIn(seed) ? simulatedTill : {}),
    ...(hasCartsIn(seed) ? simulatedCarts : {}),
    ...(tellsIn(seed) ? simulatedTelling : {}),
  }).flatMap(([kind, replicas]) => Array.from({ length: replicas }, (_, index) => `${kind}-${index + 1}`))

/** Whether customers pay in this run. Half of the runs do without, which costs less time. */
export const paysIn = (seed: number): boolean => seededFor(seed, 'pays').chance(0.5)

/** Whether money is only authorized in this run until goods are packed. */
export const capturesLaterIn = (seed: number): boolean => seededFor(seed, 'captures').chance(0.25)

/** Whether there are carts in this run. */
export const hasCartsIn = (seed: number): boolean => paysIn(seed) && seededFor(seed, 'carts').chance(0.5)

/** Whether buyers get mails in this run. */
export const tellsIn = (seed: number): boolean => seededFor(seed, 'tells').chance(0.25)

/** All steps of a plan begin within this time. */
const planMs = { min: 4_000, max: 25_000 }

export function planOf(seed: number): Plan {
  const random = seededFor(seed, 'plan')
  const lengthMs = random.integer(planMs.min, planMs.max)
  const at = (): number => random.integer(0, lengthMs)
  const steps: Planned[] = []
  for (let left = random.integer(6, 22); left > 0; left--)
    steps.push({ at: at(), step: commandOf(random, left) })
  const names = processNames(seed)
  for (let left = random.integer(1, 9); left > 0; left--)
    steps.push({ at: at(), step: faultOf(random, names) })
  // A copy that nobody has made cannot be put back.
  if (random.chance(0.1)) {
    const keptAt = at()
    steps.push({ at: keptAt, step: { do: 'keep a copy' } })
    steps.push({ at: keptAt + random.integer(500, 8_000), step: { do: 'put the copy back' } })
  }
  if (random.chance(0.16)) steps.push(...stormOf(random, at()))
  if (paysIn(seed)) steps.push(...moneySteps(seededFor(seed, 'plan of payments'), lengthMs))
  if (hasCartsIn(seed)) steps.push(...cartSteps(seededFor(seed, 'plan of carts'), lengthMs))
  return steps.sort((a, b) => a.at - b.at)
}

function commandOf(random: Random, key: number): ClientStep | DeskStep {
  const lot = random.next()
  const nth = random.integer(0, 40)
  if (lot < 0.55) {
    const items = Array.from({ length: random.integer(1, 2) }, () => itemOf(random))
    return {
      do: 'place',
      customer: random.integer(0, customerCount - 1),
      key,
      items,
      twice: random.chance(0.15),
    }
  }
  if (lot < 0.6) return { do: 'repeat', nth }
  if (lot < 0.72) return { do: 'cancel', nth }
  if (lot < 0.83) return parcelOf(random, nth)
  if (lot < 0.88) return { do: 'advance', nth, to: random.pick(['paid', 'shipped', 'completed']) }
  if (lot < 0.93) {
    const quantity = random.chance(0.7) ? random.integer(1, 6) : -random.integer(1, 3)
    return { do: 'adjust', product: random.integer(0, productCount - 1), quantity, key }
  }
  if (lot < 0.97) {
    const what = random.pick(['not JSON', 'no id', 'unknown order', 'unknown product'] as const)
    return { do: 'publish poison', what, times: random.integer(1, 2) }
  }
  return { do: random.chance(0.7) ? 'requeue' : 'discard', nth }
}

function parcelOf(random: Random, nth: number): ClientStep {
  const lot = random.next()
  if (lot < 0.2)
    return { do: 'parcel becomes', nth, to: random.pick(['shipped', 'canceled', 'delivered'] as const) }
  if (lot < 0.4) return { do: 'send back', nth, condition: random.pick(['resellable', 'damaged'] as const) }
  const quantity = random.integer(1, 2)
  return { do: 'parcel', nth, quantity, isShort: random.chance(0.25), isShipped: random.chance(0.6) }
}

const itemOf = (random: Random): Item => ({
  product: random.integer(0, productCount - 1),
  quantity: random.integer(1, 4),
})

function faultOf(random: Random, names: readonly string[]): ProcessStep | SystemStep {
  const lot = random.next()
  const process = random.pick(names)
  if (lot < 0.4) return { do: random.pick(processFaults), process, times: random.integer(1, 4) }
  if (lot < 0.55) {
    return { do: random.pick(['crash', 'stop', 'stall']), process, ms: random.integer(50, 12_000) }
  }
  if (lot < 0.7) {
    const kind = random.pick(['slow', 'cut off', 'step the clock', 'lose the locks'] as const)
    if (kind === 'step the clock') return { do: kind, process, ms: random.integer(-300_000, 300_000) }
    return { do: kind, process, ms: random.integer(100, 8_000) }
  }
  if (lot < 0.8) {
    const kind = random.pick(['database away', 'broker away', 'stream full', 'reorder'] as const)
    // Now and then the broker is away for so long that only the sweeper can keep the promise.
    const ms =
      kind === 'broker away' && random.chance(0.2)
        ? random.integer(75_000, 95_000)
        : random.integer(50, 9_000)
    return { do: kind, ms }
  }
  return { do: random.pick(brokerFaults) }
}
