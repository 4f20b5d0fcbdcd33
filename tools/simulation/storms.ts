import type { Random } from '../shared/random.ts'
import type { Planned } from './steps.ts'

/** Faults that do harm only in combination: the store is another one, and not everybody knows. */
type Storm = (random: Random, start: number) => readonly Planned[]

export const stormOf: Storm = (random, start) =>
  random.pick([confusedProducer, dyingConsumers, lateAcknowledgements, quicklyFilledCopy])(random, start)

/** A slow producer does not know that another one has its lanes. */
const confusedProducer: Storm = (random, start) => {
  const process = random.pick(['producer-1', 'producer-2'])
  return [
    ...ordersWithin(random, start, 3_000, 4),
    wipeAt(start + random.integer(300, 4_000)),
    { at: start, step: { do: 'slow', process, ms: 9_000 } },
    { at: start, step: { do: 'lose the locks', process, ms: 9_000 } },
  ]
}

/** Slow consumers die while their acknowledgements are on their way. */
const dyingConsumers: Storm = (random, start) => [
  ...ordersWithin(random, start, 3_000, 4),
  strangerAt(start),
  wipeAt(start + random.integer(300, 4_000)),
  ...['consumer-1', 'consumer-2', 'subscriber-1'].flatMap((process): readonly Planned[] => [
    { at: start, step: { do: 'slow', process, ms: 6_000 } },
    { at: start + random.integer(1_000, 7_000), step: { do: 'crash', process, ms: 1_000 } },
  ]),
]

/**
 * One replica's acknowledgements reach the new store, in which other messages have their places. The other replica
 * had these messages then, and died before it handled them.
 */
const lateAcknowledgements: Storm = (random, start) => {
  const replicas = ['subscriber-1', 'subscriber-2'] as const
  const [late, dying] = random.chance(0.5) ? replicas : [replicas[1], replicas[0]]
  const wipedAt = start + random.integer(500, 3_000)
  return [
    ...ordersWithin(random, start, 3_000, 8),
    strangerAt(start),
    { at: start, step: { do: 'late acknowledgement', process: late, times: 40 } },
    wipeAt(wipedAt),
    { at: wipedAt + 500, step: { do: 'crash before an effect', process: dying, times: 1 } },
    ...ordersWithin(random, wipedAt + 10_000, 1_000, 1), // faults that have not struck end with the plan
  ]
}

/** An older copy is put back, and at once it gets as many new messages as it lacks, from us or from strangers. */
const quicklyFilledCopy: Storm = (random, start) => {
  const backAt = start + random.integer(1_000, 2_000)
  return [
    { at: start, step: { do: 'keep a copy' } },
    ...ordersWithin(random, start, 500, 1),
    { at: backAt, step: { do: 'put the copy back' } },
    ...(random.chance(0.5) ? ordersWithin(random, backAt, 500, 8) : strangers(random, backAt)),
  ]
}

/** The keys are none of those that other commands use. */
const ordersWithin = (random: Random, start: number, ms: number, count: number): readonly Planned[] =>
  Array.from({ length: count }, (_, index) => ({
    at: start + random.integer(0, ms),
    step: {
      do: 'place',
      customer: 0,
      key: random.integer(1_000, 1_000_000) + index,
      items: [{ product: 2, quantity: 1 }],
      twice: false,
    },
  }))

const wipeAt = (at: number): Planned => ({ at, step: { do: 'wipe the store' } })

/** The broker may take some time to start. */
const strangers = (random: Random, backAt: number): readonly Planned[] =>
  Array.from({ length: 12 }, () => strangerAt(backAt + random.integer(0, 2_000)))

/** A message that is in only one of two stores, so that the places of the others differ. */
const strangerAt = (at: number): Planned => {
  return { at, step: { do: 'publish poison', what: 'not JSON', times: 1 } }
}
