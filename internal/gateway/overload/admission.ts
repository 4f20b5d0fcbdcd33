import { Refusal } from '../../platform/refusal.ts'
import { measureLoopDelay } from './loop-delay.ts'
import { limitedTraffic, type Limited, type Traffic } from './traffic.ts'

export type AdmissionLimits = Readonly<
  Record<
    Limited,
    {
      /** Requests that are being worked on. */
      readonly underWay: number
      /** Beyond this standing delay of the event loop only one of `letThrough` is taken. Infinity: it does not matter. */
      readonly loopDelayMs: number
    }
  >
>

/** Who is let in. Decided before a request is read, and once more when its work begins. */
export type Admission = {
  /**
   * Whether there is room for one more; counted as refused when there is none. What `givesWay` is refused for as long as others of its
   * kind are.
   */
  readonly admits: (traffic: Traffic, givesWay?: boolean) => boolean
  /** Holds a place while `work` runs, however it ends and whether or not anybody still waits for it. */
  readonly during: <Result>(traffic: Limited, work: () => Promise<Result>) => Promise<Result>
  /** Somebody has been refused within the last second. */
  readonly isOverloaded: () => boolean
  readonly counts: () => readonly AdmissionCount[]
  readonly stop: () => void
}

export type AdmissionCount = {
  readonly traffic: Limited
  readonly underWay: number
  readonly refused: number
}

/** Refusing takes time, too: if a late loop let nobody in, a flood could keep it late and everybody out. */
const letThrough = 8
/** As long as Retry-After asks clients to stay away. */
const rememberedMs = 1_000

export function openAdmission(limits: AdmissionLimits): Admission {
  const loop = measureLoopDelay()
  const underWay = perTraffic()
  const refused = perTraffic()
  const late = perTraffic()
  /** Let in during this turn of the event loop, and not yet at work: a burst must not all see the same free place. */
  const fresh = perTraffic()
  const refusedAt: Record<Limited, number> = { orders: -Infinity, credentials: -Infinity, others: -Infinity }
  let isResetPlanned = false

  function hasRoom(traffic: Limited): boolean {
    const limit = limits[traffic]
    if (underWay[traffic] + fresh[traffic] >= limit.underWay) return false
    return loop.standingMs() <= limit.loopDelayMs || ++late[traffic] % letThrough === 0
  }

  function refuse(traffic: Limited): void {
    refused[traffic]++
    refusedAt[traffic] = performance.now()
  }

  function isRefusing(traffic: Limited): boolean {
    return performance.now() - refusedAt[traffic] < rememberedMs
  }

  function forgetFresh(): void {
    isResetPlanned = false
    for (const traffic of limitedTraffic) fresh[traffic] = 0
  }

  return {
    admits(traffic, givesWay = false) {
      if (traffic === 'operations') return true
      if (givesWay && isRefusing(traffic)) {
        refused[traffic]++ // says nothing of how much room there is
        return false
      }
      if (!hasRoom(traffic)) {
        refuse(traffic)
        return false
      }
      fresh[traffic]++
      if (!isResetPlanned) {
        isResetPlanned = true
        setImmediate(forgetFresh)
      }
      return true
    },
    async during(traffic, work) {
      if (fresh[traffic] > 0) fresh[traffic]--
      if (underWay[traffic] >= limits[traffic].underWay) {
        refuse(traffic)
        throw overloaded()
      }
      underWay[traffic]++
      try {
        return await work()
      } finally {
        underWay[traffic]--
      }
    },
    isOverloaded: () => limitedTraffic.some(isRefusing),
    counts: () => limitedTraffic.map((traffic) => countOf(traffic, underWay, refused)),
    stop: loop.stop,
  }
}

const countOf = (
  traffic: Limited,
  underWay: Readonly<Record<Limited, number>>,
  refused: Readonly<Record<Limited, number>>,
): AdmissionCount => ({ traffic, underWay: underWay[traffic], refused: refused[traffic] })

const perTraffic = (): Record<Limited, number> => ({ orders: 0, credentials: 0, others: 0 })

export const overloaded = (): Refusal =>
  new Refusal('unavailable', 'overloaded', 'too much at once; try again in a moment')
