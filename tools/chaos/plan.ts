import { faultKinds, type FaultKind, type Part } from './fault-kinds.ts'
import { seeded, type Random } from '../shared/random.ts'

export type PlannedFault = {
  readonly kind: FaultKind
  /** The time since the load began. */
  readonly atMs: number
  /** The seed for the fault's own choices, such as its victim and its duration. */
  readonly seed: number
}

export type PlanOptions = {
  readonly seed: number
  readonly seconds: number
  readonly kinds: readonly FaultKind[]
}

/** Before the first fault, orders are undisturbed for this time, so that there is something to disturb. */
const calmMs = 3_000
const busyMs = [10_000, 18_000] as const
const quietMs = [3_000, 6_000] as const
const gapMs = [1_000, 3_000] as const

/**
 * Plans the faults of a run: one every 1 to 3 s, with quiet times in between. Kinds are dealt like cards, so that none
 * is repeated before all have come. The same seed gives the same plan.
 */
export function planFaults({ seed, seconds, kinds }: PlanOptions): readonly PlannedFault[] {
  const random = seeded(seed)
  const endMs = seconds * 1_000
  const free = new Map<Part, number>()
  const planned: PlannedFault[] = []
  let deck: FaultKind[] = []
  let quietAt = calmMs + between(random, busyMs)
  for (let atMs = calmMs; atMs < endMs; atMs += between(random, gapMs)) {
    if (atMs >= quietAt) {
      atMs += between(random, quietMs)
      quietAt = atMs + between(random, busyMs)
    }
    if (deck.length === 0) deck = [...random.shuffle(kinds)]
    // This finds the first card that can be played now, because its part is free and it ends in time.
    const index = deck.findIndex((kind) => {
      const { part, takesMs } = faultKinds[kind]
      return (free.get(part) ?? 0) <= atMs && atMs + takesMs <= endMs
    })
    const [kind] = index < 0 ? [] : deck.splice(index, 1)
    if (kind === undefined) continue
    planned.push({ kind, atMs, seed: random.integer(0, 0xffffffff) })
    free.set(faultKinds[kind].part, atMs + faultKinds[kind].takesMs)
  }
  return planned
}

const between = (random: Random, [min, max]: readonly [number, number]): number => random.integer(min, max)
