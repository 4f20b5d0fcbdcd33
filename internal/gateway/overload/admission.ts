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
  /** Whether there is room for one more; counted as refused when there is none. */
  readonly admits: (traffic: Traffic) => boolean
  /** Like `admits`, for what has to give way to others: admits nothing but operations. */
  readonly yields: (traffic: Traffic) => boolean
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
  let [isResetPlanned, refusedAt] = [false, -Infinity]

  function hasRoom(traffic: Limited): boolean {
    const limit = limits[traffic]
    if (underWay[traffic] + fresh[traffic] >= limit.underWay) return false
    return loop.standingMs() <= limit.loopDelayMs || ++late[traffic] % letThrough === 0
  }

  function refuse(traffic: Limited): void {
    refused[traffic]++
    refusedAt = performance.now()
  }

  function forgetFresh(): void {
    isResetPlanned = false
    for (const traffic of limitedTraffic) fresh[traffic] = 0
  }

  return {
    admits(traffic) {
      if (traffic === 'operations') return true
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
    yields(traffic) {
      if (traffic === 'operations') return true
      refuse(traffic)
      return false
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
    isOverloaded: () => performance.now() - refusedAt < rememberedMs,
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
