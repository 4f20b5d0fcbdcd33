import t from 'tap'
import { seeded } from '../shared/random.ts'
import type { Entry } from './history.ts'
import { openShoppers } from './shoppers.ts'
import type { ShopHttp } from './shop-http.ts'

t.test(
  'an admin who books a delivery describes the product anew, so that the search index has to follow',
  async (t) => {
    const sent: Parameters<ShopHttp['send']>[0][] = []
    const written: Entry[] = []
    const http = {
      async send(request: Parameters<ShopHttp['send']>[0]) {
        sent.push(request)
        return { status: 200, code: '', body: { id: 'p', stock: 7 } }
      },
      atPage: async () => undefined,
      close: async () => undefined,
    }
    const shoppers = openShoppers({
      ...{ http, random: seeded(1), customers: [], admin: { id: 'a', token: 'token' }, till: undefined },
      history: { write: (entry: Entry) => void written.push(entry) } as never,
      shelves: { plenty: ['p'], scarce: [], flash: 'f' },
    })
    shoppers.adjust()
    shoppers.adjust()
    while (shoppers.underWay() > 0) await new Promise(setImmediate)
    const changes = sent.filter(({ method }) => method === 'PATCH')
    t.match(changes, [{ path: '/products/p', token: 'token' }, { path: '/products/p' }])
    t.equal(new Set(changes.map(({ body }) => JSON.stringify(body))).size, 2, 'each time in other words')
    t.same(
      [...new Set(written.map((entry) => ('operation' in entry ? entry.operation.name : entry.t)))],
      ['adjust', 'told'],
    )
  },
)
