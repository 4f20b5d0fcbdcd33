import { limitedTraffic, type Limited, type Traffic } from './traffic.ts'

/**
 * Shares the places of a class out by address. An address may hold as many as would be its part if one more address
 * came: a lone one half of them, one of three a quarter. So there is always room for an address that has none yet.
 */
type Shares = {
  readonly of: (address: string) => Share
  readonly forgetFresh: () => void
}

export type Share = {
  readonly hasRoom: () => boolean
  /** Counts a request that was admitted and whose work has not begun, until `begin` or `forgetFresh`. */
  readonly admit: () => void
  readonly begin: () => void
  /** Occupies a place until `giveBack`. */
  readonly take: () => void
  readonly giveBack: () => void
}

/** The shares of those classes whose places are shared. */
export function sharesOf(
  limits: Readonly<Record<Limited, { readonly underWay: number; readonly isShared?: boolean }>>,
) {
  const shares = new Map<Traffic, Shares>(
    limitedTraffic.flatMap((traffic) => {
      const { isShared = false, underWay } = limits[traffic]
      return isShared ? [[traffic, shareByAddress(underWay)] as const] : []
    }),
  )
  return {
    isShared: (traffic: Traffic): boolean => shares.has(traffic),
    /** Undefined when the address does not matter or is not known. */
    of: (traffic: Limited, address: string | undefined): Share | undefined =>
      address === undefined ? undefined : shares.get(traffic)?.of(address),
    forgetFresh(): void {
      for (const share of shares.values()) share.forgetFresh()
    },
  }
}

function shareByAddress(places: number): Shares {
  const held = new Map<string, number>()
  const fresh = new Map<string, number>()
  return {
    of: (address) => ({
      hasRoom() {
        const own = held.get(address) ?? 0
        const addresses = held.size + (own === 0 ? 1 : 0)
        return own + (fresh.get(address) ?? 0) < Math.max(1, Math.floor(places / (addresses + 1)))
      },
      admit: () => add(fresh, address, 1),
      begin: () => add(fresh, address, -1),
      take: () => add(held, address, 1),
      giveBack: () => add(held, address, -1),
    }),
    forgetFresh: () => fresh.clear(),
  }
}

/** Only what is above zero is kept, so a map is as large as the number of addresses that hold something. */
function add(counts: Map<string, number>, address: string, more: number): void {
  const count = (counts.get(address) ?? 0) + more
  if (count > 0) counts.set(address, count)
  else counts.delete(address)
}
