import { Refusal } from '../../platform/refusal.ts'

export type StreamLimits = {
  /** The most streams that are open at the same time. */
  readonly total: number
  /** Of one account, API key or guest's order. */
  readonly perAccount: number
}

export type Holder = { readonly account: string; readonly address: string }

/** One address can't have more than its part, however many accounts it has. */
const shareOfAddress = 4

/** Bounds how many streams are open. A place is held until it is given back. */
export function streamPlaces({ total, perAccount }: StreamLimits) {
  const perAddress = Math.max(1, Math.floor(total / shareOfAddress))
  const [accounts, addresses] = [new Map<string, number>(), new Map<string, number>()]
  let taken = 0

  return {
    count: (): number => taken,
    /** Returns what gives the place back. Refuses with stream.too-many or stream.gateway-full. */
    take({ account, address }: Holder): () => void {
      if (taken >= total) throw full()
      if ((accounts.get(account) ?? 0) >= perAccount) throw tooMany('account')
      if ((addresses.get(address) ?? 0) >= perAddress) throw tooMany('address')
      taken++
      add(accounts, account, 1)
      add(addresses, address, 1)
      return () => {
        taken--
        add(accounts, account, -1)
        add(addresses, address, -1)
      }
    },
  }
}

/** Only what is above zero is kept. */
function add(counts: Map<string, number>, key: string, more: number): void {
  const count = (counts.get(key) ?? 0) + more
  if (count > 0) counts.set(key, count)
  else counts.delete(key)
}

const full = (): Refusal =>
  new Refusal('unavailable', 'stream.gateway-full', 'this gateway has as many streams as it can; try again')

const tooMany = (whose: string): Refusal =>
  new Refusal('invalid', 'stream.too-many', `this ${whose} has too many streams open; close one`)
