import { readFile } from 'node:fs/promises'
import type { Test } from 'tap'
import { root } from '../../../scripts/root.mjs'
import { newId } from '../../platform/new-id.ts'
import { buying, shipToBritain, type Who } from './buying.ts'
import type { Shop } from './shop.ts'

type Answer<Data> = { readonly data: Data; readonly errors?: readonly object[] }

/** Queries through a whole Tillstream: they show what REST shows. */
export async function graphqlSuite(t: Test, shop: Shop): Promise<void> {
  const { api, adminToken: admin } = shop
  const { filled, buy, orderIs, send } = buying(api, await shipToBritain(api, admin))
  const product = await shop.newProduct(100)
  const guide = await readFile(`${root}/docs/graphql.md`, 'utf8')
  const page = /```graphql\n(query ShopPage[^]*?)```/.exec(guide)?.[1] ?? ''

  const ask = async <Data>(query: string, who: Who, variables: object = {}): Promise<Answer<Data>> =>
    (await send<Answer<Data>>('POST', '/graphql', who, { query, variables })).body

  /** An order that is paid, and of which one unit of two is sent. */
  async function bought(who: Who): Promise<string> {
    const { cart } = await filled(who, product, 2)
    const { body } = await buy(who, cart)
    const id = body.order?.id ?? ''
    await orderIs(who, id, { paymentStatus: 'paid' })
    const [line] = body.order?.items ?? []
    const parcel = { lines: [{ lineId: line?.lineId, quantity: 1 }], carrier: 'Post', trackingNumber: 'T-1' }
    t.equal((await send('POST', `/orders/${id}/shipments`, { token: admin }, parcel)).status, 201)
    return id
  }

  t.test('the page of the guide shows what REST shows, payments and parcels too', async (t) => {
    const who = { token: await api.newCustomer() }
    const ids = [await bought(who), await bought(who)]
    await filled(who, product, 3)
    type Page = {
      readonly products: object
      readonly cart: { readonly totals: object; readonly items: readonly object[] }
      readonly me: object
      readonly orders: {
        readonly nodes: readonly {
          readonly id: string
          readonly payments: object[]
          readonly shipments: object[]
        }[]
      }
    }
    const { data, errors } = await ask<Page>(page, who, { first: 5 })
    t.equal(errors, undefined)
    const rest = async <Body>(path: string) => (await send<Body>('GET', path, who)).body
    const products = await rest<{ readonly data: readonly object[] }>('/products?limit=5')
    t.match({ nodes: products.data }, { nodes: (data.products as { nodes: object[] }).nodes })
    t.match((await rest<{ totals: object }>('/cart')).totals, data.cart.totals)
    t.match(data.cart.items, [{ quantity: 3, product: { stock: 96 } }])
    t.match(await rest<object>('/users/me'), data.me)
    t.same(
      data.orders.nodes.map(({ id }) => id),
      ids.toReversed(),
    )
    for (const { id, payments, shipments } of data.orders.nodes) {
      t.match((await rest<{ data: object[] }>(`/orders/${id}/payments`)).data, payments)
      t.match(payments, [{ status: 'captured', method: 'card' }])
      t.match(shipments, [
        { status: 'shipped', carrier: 'Post', lines: [{ quantity: 1, product: { name: String } }] },
      ])
    }
  })

  t.test('a guest sees the own cart and the own order, and nothing of anybody else', async (t) => {
    const { cart, who } = await filled({}, product)
    const { body } = await buy(who, cart, { email: 'guest@example.com' })
    const own = body.order?.id ?? ''
    const others = await bought({ token: await api.newCustomer() })
    const query = `query ($own: ID!, $others: ID!) {
      cart { status orderId } own: order(id: $own) { id payments { amount } } others: order(id: $others) { id } }`
    const tokens = { ...who, order: body.orderToken ?? '' }
    const { data, errors } = await ask(query, tokens, { own, others })
    t.match(data, { own: { id: own, payments: [{}] }, others: null })
    t.match(errors, [{ path: ['others'], extensions: { code: 'order.not-found' } }])
    const without = await ask(query, {}, { own, others })
    t.match(without, { data: { own: null, others: null }, errors: [{}, {}] })
  })

  t.test('whoever changes a product sees the change in the next answer', async (t) => {
    const query = `{ product(id: "${product.id}") { name price stock } }`
    for (const name of ['One', 'Two', 'Three']) {
      await send('PATCH', `/products/${product.id}`, { token: admin }, { name })
      t.match((await ask(query, {})).data, { product: { name } })
    }
    type Shown = { readonly product: { readonly stock: number } }
    const { stock } = (await ask<Shown>(query, {})).data.product
    await send('POST', `/products/${product.id}/stock`, { token: admin }, { quantity: 5, reason: 'delivery' })
    t.match((await ask(query, {})).data, { product: { stock: stock + 5 } })
  })

  t.test('a product is found by words and by its sku', async (t) => {
    const { body } = await send<{ readonly sku: string }>('GET', `/products/${product.id}`, {})
    const bySku = await ask(`{ product(sku: "${body.sku}") { id } }`, {})
    t.same(bySku, { data: { product: { id: product.id } } })
    const found = await ask(
      '{ products(q: "three", facets: "category") { nodes { id } facets { field values { count } } } }',
      {},
    )
    t.match(found.data, { products: { nodes: [{ id: product.id }], facets: [{ field: 'category' }] } })
  })

  t.test('families and categories show what REST shows', async (t) => {
    const word = newId()
    const material = [{ name: 'material', type: 'string' }]
    const root = await send<{ id: string }>(
      'POST',
      '/categories',
      { token: admin },
      { name: word, attributes: material },
    )
    const family = { name: `Shirt ${word}`, options: ['size'] }
    const { body: made } = await send<{ id: string }>('POST', '/families', { token: admin }, family)
    for (const [size, cloth, price] of [
      ['S', 'linen', 20],
      ['M', 'wool', 30],
    ] as const) {
      const shirt = { name: `Shirt ${word} ${size}`, category: `${word}/shirts`, price, stock: 5 }
      const more = { familyId: made.id, options: { size }, attributes: { material: cloth } }
      t.equal((await send('POST', '/products', { token: admin }, { ...shirt, ...more })).status, 201)
    }
    const query = `query ($id: ID!, $category: String!, $root: ID!) {
      family(id: $id) { id name options version createdAt updatedAt values { option values }
        products { id sku name options price currency stock available } }
      families(first: 1) { nodes { id values { values } products { name product { attributes } } } }
      categories { id parentId name path version createdAt updatedAt attributes { name type } }
      category(id: $root) { path attributes { name } }
      wool: products(category: $category, attributes: [{ name: "material", value: "Wool" }]) {
        nodes { name family { name values { values } } } }
      tiles: products(category: $category, groupBy: family) { nodes { name family { products { price } } } } }`
    type Shown = Readonly<
      Record<'family' | 'families' | 'categories' | 'category' | 'wool' | 'tiles', object>
    >
    const variables = { id: made.id, category: word, root: root.body.id }
    const { data, errors } = await ask<Shown>(query, {}, variables)
    t.equal(errors, undefined)
    t.strictSame(data.family, (await send('GET', `/families/${made.id}`, {})).body)
    t.same(data.category, { path: word, attributes: [{ name: 'material' }] })
    const { body: tree } = await send<{ data: readonly object[] }>('GET', '/categories', {})
    t.match(data.categories, tree.data)
    t.strictSame(data.families, {
      nodes: [
        {
          ...{ id: made.id, values: [{ values: ['S', 'M'] }] },
          products: [
            { name: `Shirt ${word} S`, product: { attributes: { material: 'linen' } } },
            { name: `Shirt ${word} M`, product: { attributes: { material: 'wool' } } },
          ],
        },
      ],
    })
    const shown = { name: `Shirt ${word}`, values: [{ values: ['S', 'M'] }] }
    t.strictSame(data.wool, { nodes: [{ name: `Shirt ${word} M`, family: shown }] })
    t.strictSame(data.tiles, {
      nodes: [{ name: `Shirt ${word} S`, family: { products: [{ price: 20 }, { price: 30 }] } }],
    })
    await send('PATCH', `/families/${made.id}`, { token: admin }, { name: 'Renamed' })
    const again = await ask<Shown>(query, {}, variables)
    t.match(again.data, { family: { name: 'Renamed' }, wool: { nodes: [{ family: { name: 'Renamed' } }] } })
  })
}
