import { Refusal } from '../../platform/refusal.ts'
import { measureLoopDelay } from './loop-delay.ts'
import { sharesOf } from './shares.ts'
import { limitedTraffic, type Limited, type Traffic } from './traffic.ts'

export type AdmissionLimits = Readonly<
  Record<
    Limited,
    {
      /** The most requests that are worked on at once. */
      readonly underWay: number
      /**
       * When the event loop has been late by more than this for a while, only one request of every `letThrough` is
       * admitted. With Infinity the delay does not matter.
       */
      readonly loopDelayMs: number
      /** True when the places are shared out by address. */
      readonly isShared?: boolean
    }
  >
>

/** Decides which requests are admitted: once before a request is read, and once more when its work begins. */
export type Admission = {
  /**
   * Whether there is room for one more request. If there is none, it is counted as refused. A request that `givesWay`
   * is also refused while other requests of its class are being refused. The address matters in classes whose places
   * are shared; without one (behind a proxy) the request is looked at when its work begins.
   */
  readonly admits: (traffic: Traffic, asking?: Asking) => boolean
  /** Occupies a place until `work` ends, even if nobody waits for it any more. */
  readonly during: <Result>(
    traffic: Limited,
    work: () => Promise<Result>,
    address?: string,
  ) => Promise<Result>
  /** Whether the places of this class are shared out by address. */
  readonly isShared: (traffic: Traffic) => boolean
  /** True when a request was refused within the last second. */
  readonly isOverloaded: () => boolean
  readonly counts: () => readonly AdmissionCount[]
  readonly stop: () => void
}

export type Asking = { readonly address?: string | undefined; readonly givesWay?: boolean }

export type AdmissionCount = {
  readonly traffic: Limited
  readonly underWay: number
  readonly refused: number
}

/** Refusing takes time too. If a late loop admitted nothing, a flood could keep it late and shut everybody out. */
const letThrough = 8
/** The same time as Retry-After asks clients to wait. */
const rememberedMs = 1_000

export function openAdmission(limits: AdmissionLimits): Admission {
  const loop = measureLoopDelay()
  const underWay = perTraffic()
  const refusals = countRefusals()
  const late = perTraffic()
  /**
   * Requests that were admitted in this turn of the event loop and do not occupy a place yet. They are counted so that
   * a burst is not admitted to one and the same free place.
   */
  const fresh = perTraffic()
  let isResetPlanned = false
  const shares = sharesOf(limits)

  function hasRoom(traffic: Limited, address: string | undefined): boolean {
    const limit = limits[traffic]
    if (underWay[traffic] + fresh[traffic] >= limit.underWay) return false
    if (shares.of(traffic, address)?.hasRoom() === false) return false
    return loop.standingMs() <= limit.loopDelayMs || ++late[traffic] % letThrough === 0
  }

  /** Where places are shared, a request of an unknown address must not keep others from a free place. */
  function remember(traffic: Limited, address: string | undefined): void {
    if (address === undefined && shares.isShared(traffic)) return
    shares.of(traffic, address)?.admit()
    fresh[traffic]++
    if (isResetPlanned) return
    isResetPlanned = true
    setImmediate(forgetFresh)
  }

  function forgetFresh(): void {
    isResetPlanned = false
    for (const traffic of limitedTraffic) fresh[traffic] = 0
    shares.forgetFresh()
  }

  return {
    admits(traffic, { address, givesWay = false } = {}) {
      if (traffic === 'operations') return true
      // It is not remembered that this one gave way, because there may be room.
      if (givesWay && refusals.isRefusing(traffic)) return refusals.add(traffic)
      if (!hasRoom(traffic, address)) return refusals.remember(traffic)
      remember(traffic, address)
      return true
    },
    async during(traffic, work, address) {
      if (fresh[traffic] > 0) fresh[traffic]--
      const share = shares.of(traffic, address)
      share?.begin()
      if (underWay[traffic] >= limits[traffic].underWay || share?.hasRoom() === false) {
        refusals.remember(traffic)
        throw overloaded()
      }
      share?.take()
      underWay[traffic]++
      try {
        return await work()
      } finally {
        underWay[traffic]--
        share?.giveBack()
      }
    },
    isShared: shares.isShared,
    isOverloaded: () => limitedTraffic.some(refusals.isRefusing),
    counts: () => limitedTraffic.map((traffic) => countOf(traffic, underWay, refusals.counts)),
    stop: loop.stop,
  }
}

/** Counts refusals, and remembers for a while that there was no room. The answer is always that of `admits`. */
function countRefusals() {
  const counts = perTraffic()
  const lastAt: Record<Limited, number> = { orders: -Infinity, credentials: -Infinity, others: -Infinity }
  const add = (traffic: Limited): false => {
    counts[traffic]++
    return false
  }
  return {
    counts: counts as Readonly<Record<Limited, number>>,
    add,
    remember(traffic: Limited): false {
      lastAt[traffic] = performance.now()
      return add(traffic)
    },
    isRefusing: (traffic: Limited): boolean => performance.now() - lastAt[traffic] < rememberedMs,
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
