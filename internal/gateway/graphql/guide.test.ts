import { readFile } from 'node:fs/promises'
import t from 'tap'
import { testGateway } from '../testing/test-gateway.ts'
import { querying } from './testing/query.ts'

t.test('the query of the guide shows a page of a shop, with what REST shows', async (t) => {
  const guide = await readFile(new URL('../../../docs/graphql.md', import.meta.url), 'utf8')
  const text = /```graphql\n(query ShopPage[^]*?)```/.exec(guide)?.[1]
  const gateway = await testGateway(t)
  const query = querying(gateway)
  const { status, headers, data, errors } = await query(text, { as: 'customer' }, { variables: { first: 2 } })
  t.match({ status, errors }, { status: 200, errors: undefined })
  t.equal(headers['cache-control'], 'no-store')
  const rest = async <Body>(path: string) =>
    (await gateway.send(`GET ${path}`, { as: 'customer' })).json<Body>()
  const page = await rest<{ data: object[]; nextCursor: string }>('/products?limit=2')
  t.match({ nodes: page.data, pageInfo: { endCursor: page.nextCursor, hasNextPage: true } }, data?.products)
  t.match(await rest('/cart'), { totals: (data?.cart as { totals: object }).totals })
  t.match(await rest('/users/me'), data?.me)
  const orders = await rest<{ data: object[] }>('/orders?limit=3')
  t.match(orders.data[0], { total: 1999.98, status: 'pending' })
  t.match(data?.orders, {
    nodes: [
      {
        total: 1999.98,
        status: 'pending',
        payments: [{ amount: 1999.98 }],
        shipments: [{ carrier: 'Post' }],
      },
    ],
  })
})
