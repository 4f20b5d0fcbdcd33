import { simulatedProcesses } from '../shared/constellation.ts'
import { seededFor, type Random } from '../shared/random.ts'

// The plan of one run: the steps of the clients and the faults. It is made from the seed alone, so that steps can be
// left out.

export const productCount = 3
export const customerCount = 4

export type Item = { readonly product: number; readonly quantity: number }

export type ClientStep =
  | {
      readonly do: 'place'
      readonly customer: number
      readonly key: number
      readonly items: readonly Item[]
      readonly twice: boolean
    }
  /** An earlier request, word for word. */
  | { readonly do: 'repeat'; readonly nth: number }
  | { readonly do: 'cancel'; readonly nth: number }
  | { readonly do: 'advance'; readonly nth: number; readonly to: 'paid' | 'shipped' | 'completed' }
  | { readonly do: 'adjust'; readonly product: number; readonly quantity: number; readonly key: number }

/** The steps of operators, and of strangers who can reach the broker. */
export type DeskStep =
  | { readonly do: 'publish poison'; readonly what: Poison; readonly times: number }
  | { readonly do: 'requeue' | 'discard'; readonly nth: number }

export type ProcessStep =
  | {
      readonly do: 'crash' | 'stop' | 'stall' | 'slow' | 'cut off' | 'step the clock' | 'lose the locks'
      readonly process: string
      readonly ms: number
    }
  /** Strikes as often, as soon as there is something to strike. */
  | { readonly do: (typeof processFaults)[number]; readonly process: string; readonly times: number }

export type SystemStep =
  | { readonly do: 'database away' | 'broker away' | 'stream full' | 'reorder'; readonly ms: number }
  | { readonly do: (typeof brokerFaults)[number] }

export type Step = ClientStep | DeskStep | ProcessStep | SystemStep

export type Poison = 'not JSON' | 'no id' | 'unknown order' | 'unknown product'

const processFaults = [
  'crash before an effect',
  'crash after an effect',
  'lost answer',
  'failed call',
  'bug',
  'dropped acknowledgement',
  'lost publish answer',
  'refused publication',
  'lost wake-up',
] as const

const brokerFaults = [
  'wipe the store',
  'keep a copy',
  'put the copy back',
  'restart the broker',
  'delete a stream',
  'delete the consumers',
  'redeliver everything',
] as const

export type Planned = { readonly at: number; readonly step: Step }
export type Plan = readonly Planned[]

/** The functions that carry out the steps. */
export type Actors = {
  readonly client: (step: ClientStep) => void
  readonly desk: (step: DeskStep) => void
  readonly process: (step: ProcessStep) => void
  readonly system: (step: SystemStep) => void
}

export function act(actors: Actors, step: Step): void {
  if (isOneOf(clientSteps, step)) actors.client(step as ClientStep)
  else if (isOneOf(deskSteps, step)) actors.desk(step as DeskStep)
  else if ('process' in step) actors.process(step)
  else actors.system(step as SystemStep) // only system steps are left
}

const clientSteps: readonly ClientStep['do'][] = ['place', 'repeat', 'cancel', 'advance', 'adjust']
const deskSteps: readonly DeskStep['do'][] = ['publish poison', 'requeue', 'discard']
const isOneOf = (kinds: readonly string[], step: Step): boolean => kinds.includes(step.do)

export const processNames: readonly string[] = Object.entries(simulatedProcesses).flatMap(
  ([kind, replicas]) => Array.from({ length: replicas }, (_, index) => `${kind}-${index + 1}`),
)

/** All steps of a plan begin within this time. */
const planMs = { min: 4_000, max: 25_000 }

export function planOf(seed: number): Plan {
  const random = seededFor(seed, 'plan')
  const lengthMs = random.integer(planMs.min, planMs.max)
  const at = (): number => random.integer(0, lengthMs)
  const steps: Planned[] = []
  for (let left = random.integer(6, 22); left > 0; left--)
    steps.push({ at: at(), step: commandOf(random, left) })
  for (let left = random.integer(1, 9); left > 0; left--) steps.push({ at: at(), step: faultOf(random) })
  // A copy that nobody has made cannot be put back.
  if (random.chance(0.1)) {
    const keptAt = at()
    steps.push({ at: keptAt, step: { do: 'keep a copy' } })
    steps.push({ at: keptAt + random.integer(500, 8_000), step: { do: 'put the copy back' } })
  }
  if (random.chance(0.12)) steps.push(...stormOf(random, at()))
  return steps.sort((a, b) => a.at - b.at)
}

/**
 * Faults that do harm only in combination: acknowledgements that are on their way while the store is lost, sent by a
 * consumer that then dies, or received by a producer that does not know that another one has its lanes.
 */
function stormOf(random: Random, start: number): readonly Planned[] {
  const place = (key: number): Planned => {
    const items = [{ product: 2, quantity: 1 }]
    const at = start + random.integer(0, 3_000)
    return { at, step: { do: 'place', customer: 0, key, items, twice: false } }
  }
  const orders = [31, 32, 33, 34].map(place)
  const wiped: Planned = { at: start + random.integer(300, 4_000), step: { do: 'wipe the store' } }
  if (random.chance(0.5)) {
    const process = random.pick(['producer-1', 'producer-2'])
    const slow: Planned = { at: start, step: { do: 'slow', process, ms: 9_000 } }
    const lost: Planned = { at: start, step: { do: 'lose the locks', process, ms: 9_000 } }
    return [...orders, slow, lost, wiped]
  }
  const dying = ['consumer-1', 'consumer-2', 'subscriber-1'].flatMap((process): readonly Planned[] => [
    { at: start, step: { do: 'slow', process, ms: 6_000 } },
    { at: start + random.integer(1_000, 7_000), step: { do: 'crash', process, ms: 1_000 } },
  ])
  const poison: Planned = { at: start, step: { do: 'publish poison', what: 'not JSON', times: 1 } }
  return [...orders, poison, ...dying, wiped]
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
  if (lot < 0.63) return { do: 'repeat', nth }
  if (lot < 0.8) return { do: 'cancel', nth }
  if (lot < 0.86) return { do: 'advance', nth, to: random.pick(['paid', 'shipped', 'completed']) }
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

const itemOf = (random: Random): Item => ({
  product: random.integer(0, productCount - 1),
  quantity: random.integer(1, 4),
})

function faultOf(random: Random): ProcessStep | SystemStep {
  const lot = random.next()
  const process = random.pick(processNames)
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
