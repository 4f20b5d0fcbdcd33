import type { Random } from '../../shared/random.ts'
import { patientClient } from '../patient.ts'
import type { Person } from '../paying-steps.ts'
import type { ShopHttp } from '../shop-http.ts'
import { makeKey, type ApiKey } from './keys.ts'
import { live, type Life } from './life.ts'

export type People = {
  /** Lets somebody arrive who only cares for the own account, and now and then an admin who makes an API key. */
  readonly arrive: () => void
  readonly underWay: () => number
  /** From now on nobody tries again after the present attempt. */
  readonly giveUp: () => void
  readonly lives: () => readonly Life[]
  readonly keys: () => readonly ApiKey[]
  /** How often each thing was done. */
  readonly counts: () => Readonly<Record<string, number>>
}

type Options = {
  readonly http: ShopHttp
  readonly random: Random
  readonly admin: Person
  readonly product: string
}

const shareOfKeys = 0.3
/** Passwords are dear on purpose. */
const mostUnderWay = 12

export function openPeople({ http, random, admin, product }: Options): People {
  const patience = { isOver: false }
  const ask = patientClient({ http, patience })
  const lives: Life[] = []
  const keys: ApiKey[] = []
  const counts: Record<string, number> = {}
  const count = (what: string): void => void (counts[what] = (counts[what] ?? 0) + 1)
  let [underWay, lastKey] = [0, 0]
  const newKey = (name: string): string => `${name}-of-people-${++lastKey}`

  async function come(): Promise<void> {
    if (random.next() < shareOfKeys) {
      const key = await makeKey(ask, random, admin.token)
      if (!key) return
      count(key.isDeleted ? 'key deleted' : 'key kept')
      keys.push(key)
      return
    }
    const life = await live({ http, ask, random, newKey, product, count })
    if (life) lives.push(life)
  }

  return {
    arrive() {
      if (underWay >= mostUnderWay) return
      underWay++
      void come().finally(() => underWay--)
    },
    underWay: () => underWay,
    giveUp: () => (patience.isOver = true),
    lives: () => lives,
    keys: () => keys,
    counts: () => counts,
  }
}
