import { reasonWith } from './end-state.ts'
import type { Insist } from './insist.ts'
import type { Person } from './paying-steps.ts'
import type { ShopHttp } from './shop-http.ts'

type Options = {
  readonly http: ShopHttp
  readonly admin: Person
  readonly insist: Insist
  readonly newKey: (name: string) => string
}

/** What the admin does to the products while people buy them. */
export function openShelfStaff({ http, admin: { token }, insist, newKey }: Options) {
  return {
    /** A delivery or a loss. */
    book: async (product: string, quantity: number): Promise<void> => {
      const key = newKey('adjustment')
      const body = { quantity, reason: reasonWith(key) }
      const path = `/products/${product}/stock`
      const send = () => http.send({ method: 'POST', path, token, key, body })
      await insist(key, { name: 'adjust', product, quantity }, send)
    },
    /** What became of it nobody has to know: in the end the search index has what the catalogue has. */
    describe: async (product: string): Promise<void> => {
      const body = { description: `as of ${newKey('description')}` }
      await http.send({ method: 'PATCH', path: `/products/${product}`, token, body })
    },
  }
}
