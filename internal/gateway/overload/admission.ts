import { Refusal } from '../../platform/refusal.ts'
import { measureLoopDelay } from './loop-delay.ts'
import { shareByAddress, type Shares } from './shares.ts'
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
  const refused = perTraffic()
  const late = perTraffic()
  /**
   * Requests that were admitted in this turn of the event loop and do not occupy a place yet. They are counted so that
   * a burst is not admitted to one and the same free place.
   */
  const fresh = perTraffic()
  const refusedAt: Record<Limited, number> = { orders: -Infinity, credentials: -Infinity, others: -Infinity }
  let isResetPlanned = false

  const shares = new Map<Traffic, Shares>(
    limitedTraffic.flatMap((traffic) => {
      const { isShared = false, underWay: places } = limits[traffic]
      return isShared ? [[traffic, shareByAddress(places)] as const] : []
    }),
  )

  function hasRoom(traffic: Limited, address: string | undefined): boolean {
    const limit = limits[traffic]
    if (underWay[traffic] + fresh[traffic] >= limit.underWay) return false
    if (address !== undefined && shares.get(traffic)?.of(address).hasRoom() === false) return false
    return loop.standingMs() <= limit.loopDelayMs || ++late[traffic] % letThrough === 0
  }

  /** Where places are shared, a request of an unknown address must not keep others from a free place. */
  function remember(traffic: Limited, address: string | undefined): void {
    const share = shares.get(traffic)
    if (share && address === undefined) return
    if (address !== undefined) share?.of(address).admit()
    fresh[traffic]++
    if (isResetPlanned) return
    isResetPlanned = true
    setImmediate(forgetFresh)
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
    for (const share of shares.values()) share.forgetFresh()
  }

  return {
    admits(traffic, { address, givesWay = false } = {}) {
      if (traffic === 'operations') return true
      if (givesWay && isRefusing(traffic)) {
        refused[traffic]++ // not by `refuse`, because there may be room
        return false
      }
      if (!hasRoom(traffic, address)) {
        refuse(traffic)
        return false
      }
      remember(traffic, address)
      return true
    },
    async during(traffic, work, address) {
      if (fresh[traffic] > 0) fresh[traffic]--
      const share = address === undefined ? undefined : shares.get(traffic)?.of(address)
      share?.begin()
      if (underWay[traffic] >= limits[traffic].underWay || share?.hasRoom() === false) {
        refuse(traffic)
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
    isShared: (traffic) => shares.has(traffic),
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
