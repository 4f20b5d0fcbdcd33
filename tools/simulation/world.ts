import { seededFor, type Random } from '../shared/random.ts'
import { virtualTime, type VirtualTime } from './virtual-time.ts'

/** What all parts of one run share: its time, its randomness, its history and its counts. */
export type World = {
  readonly time: VirtualTime
  /** Each label has its own random numbers, so that leaving out one fault changes as little as possible elsewhere. */
  readonly random: (label: string) => Random
  readonly tell: (who: string, what: () => string) => void
  readonly count: (what: string, times?: number) => void
  readonly history: readonly string[]
  readonly counts: ReadonlyMap<string, number>
}

export function newWorld(seed: number, keepsHistory: boolean): World {
  const time = virtualTime()
  const startedAt = time.now()
  const sources = new Map<string, Random>()
  const history: string[] = []
  const counts = new Map<string, number>()
  const alias = aliases()
  return {
    time,
    random(label) {
      const source = sources.get(label) ?? seededFor(seed, label)
      sources.set(label, source)
      return source
    },
    tell(who, what) {
      if (!keepsHistory) return
      const seconds = ((time.now() - startedAt) / 1_000).toFixed(3).padStart(8)
      history.push(`${seconds} s  ${who.padEnd(12)} ${alias(what())}`)
    },
    count: (what, times = 1) => void counts.set(what, (counts.get(what) ?? 0) + times),
    history,
    counts,
  }
}

/**
 * Event ids come from the product's own generator, which has no seed. So histories number them in order of appearance.
 */
function aliases(): (text: string) => string {
  const known = new Map<string, string>()
  return (text) =>
    text.replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, (id) => {
      const name = known.get(id) ?? `#${known.size + 1}`
      known.set(id, name)
      return name
    })
}
