import pg from 'pg'
import type { Test } from 'tap'
import { newId } from '../../platform/new-id.ts'
import { eventually } from '../../platform/testing/eventually.ts'
import { rebuildSearch, type RebuildOptions } from '../../search/rebuild-service.ts'
import type { ProductBody } from './api.ts'
import type { Shop } from './shop.ts'

type Found = {
  readonly data: readonly (ProductBody & { readonly name: string })[]
  readonly nextCursor: string | null
  readonly facets?: readonly {
    readonly field: string
    readonly values: readonly { readonly value: string; readonly count: number }[]
  }[]
  readonly code?: string
}

type Has = {
  /** By default the tables of the index are emptied. */
  readonly loseIndex?: () => Promise<unknown>
  /** Whether the index finds one product of each family. */
  readonly hasFamilies?: boolean
  /** Where the index is, if not in the database. */
  readonly server?: RebuildOptions['server']
}

/** Products are found by what people type, whatever becomes of events and of the index. */
export function searchSuite(
  t: Test,
  { api, adminToken: token, databaseUrl }: Shop,
  { loseIndex = async () => emptyIndex(databaseUrl), hasFamilies = true, server }: Has = {},
): void {
  const add = async (name: string, wanted: object = {}): Promise<ProductBody> => {
    const body = { name, category: 'search', price: 12.5, stock: 5, ...wanted }
    return (await api.request<ProductBody>('POST', '/products', { token, body })).body
  }
  const find = async (query: string): Promise<Found> =>
    (await api.request<Found>('GET', `/products?${query}`)).body
  const names = async (query: string) => (await find(query)).data.map(({ name }) => name)
  /** A word that no other product has. */
  const newWord = (): string => `word${newId().replaceAll(/[^a-f]/g, '')}x`

  t.test('who has changed a product finds it at once as it is now', async (t) => {
    const word = newWord()
    const { id } = await add(`Lantern ${word}`)
    t.strictSame(await names(`q=${word}`), [`Lantern ${word}`])
    await api.request('PATCH', `/products/${id}`, { token, body: { name: `Lamp ${word}` } })
    t.strictSame(await names(`q=${word}`), [`Lamp ${word}`])
    t.strictSame(await names(`q=lantern+${word}`), [])
    t.equal((await api.request('DELETE', `/products/${id}`, { token })).status, 204)
    t.strictSame(await names(`q=${word}`), [])
  })

  t.test('what fits better comes first, in pages, with counts that are those of the list', async (t) => {
    const word = newWord()
    await add(`Stand for ${word}`, { category: 'stands', price: 30 })
    await add(`Big ${word}`, { price: 11 })
    await add(word, { price: 19.99 })
    await add('Plain', { description: `goes with ${word}`, price: 150 })
    const ranked = [word, `Big ${word}`, `Stand for ${word}`, 'Plain']
    t.strictSame(await names(`q=${word}`), ranked)
    const first = await find(`q=${word}&limit=3&facets=category,price`)
    t.strictSame(
      first.data.map(({ name }) => name),
      ranked.slice(0, 3),
    )
    const cursor = encodeURIComponent(first.nextCursor ?? '')
    t.strictSame(await names(`q=${word}&limit=3&cursor=${cursor}`), ranked.slice(3))
    t.strictSame(first.facets, [
      {
        field: 'category',
        values: [
          { value: 'search', count: 3 },
          { value: 'stands', count: 1 },
        ],
      },
      {
        field: 'price',
        values: [
          { value: '10-19.99', count: 2 },
          { value: '20-49.99', count: 1 },
          { value: '100-199.99', count: 1 },
        ],
      },
    ])
    t.equal((await find(`q=${word}&category=SEARCH`)).data.length, 3)
    t.equal((await find(`q=${word}&minPrice=10&maxPrice=19.99`)).data.length, 2)
    t.strictSame(
      await names(`q=${word.slice(0, -2)}z${word.at(-1)}&limit=1`),
      [word],
      'a letter is another one',
    )
  })

  t.test('what is no search is refused', async (t) => {
    for (const query of ['q=x&facets=colour', 'q=x&sort=best', 'q=x&cursor=x', `q=${'x'.repeat(801)}`]) {
      const { status, body } = await api.request<Found>('GET', `/products?${query}`)
      t.equal(status, 400, query)
      t.match(body.code, /^(request|search|cursor)\.invalid$/, query)
    }
  })

  t.test('what is sold out is not among what can be had', async (t) => {
    const word = newWord()
    const { id } = await add(`Last ${word}`, { stock: 1 })
    t.strictSame(await names(`q=${word}&inStock=true`), [`Last ${word}`])
    const customer = await api.newCustomer()
    await api.request('POST', '/orders', {
      token: customer,
      body: { items: [{ productId: id, quantity: 1 }] },
    })
    await eventually('it is sold out', async () => (await names(`q=${word}&inStock=true`)).length === 0)
    await api.request('POST', `/products/${id}/stock`, { token, body: { quantity: 2, reason: 'delivery' } })
    await eventually('it can be had again', async () => (await names(`q=${word}&inStock=true`)).length === 1)
  })

  t.test('a list shows one product of each family, the cheapest that can be had', async (t) => {
    const word = newWord()
    if (!hasFamilies) {
      const refused = await api.request('GET', `/products?q=${word}&groupBy=family`)
      t.match(refused, { status: 400, body: { code: 'search.no-families' } })
      return
    }
    const family = { name: 'Shirt', options: ['size'] }
    const { body } = await api.request<{ id: string }>('POST', '/families', { token, body: family })
    const shirt = async (size: string, price: number, stock: number) =>
      add(`Shirt ${word} ${size}`, { price, stock, familyId: body.id, options: { size } })
    await shirt('S', 5, 0)
    const { id } = await shirt('M', 10, 1)
    await shirt('L', 20, 3)
    await add(`Hat ${word}`, { price: 7 })
    const list = `q=${word}&groupBy=family&sort=price`
    const [hat, medium, large] = [`Hat ${word}`, `Shirt ${word} M`, `Shirt ${word} L`]
    t.strictSame(await names(list), [hat, medium])
    const { nextCursor, facets } = await find(`${list}&limit=1&facets=category`)
    t.strictSame(facets, [{ field: 'category', values: [{ value: 'search', count: 2 }] }])
    t.strictSame(await names(`${list}&limit=1&cursor=${encodeURIComponent(nextCursor ?? '')}`), [medium])
    t.strictSame(await names(`q=${word}&sort=price`), [`Shirt ${word} S`, hat, medium, large])
    const items = [{ productId: id, quantity: 1 }]
    await api.request('POST', '/orders', { token: await api.newCustomer(), body: { items } })
    await eventually('the next one is shown', async () => String(await names(list)) === `${hat},${large}`)
  })

  t.test('the index is made anew by command, and nobody who searches meanwhile notices', async (t) => {
    const word = newWord()
    const { id } = await add(`Kettle ${word}`)
    const rebuilding = rebuildSearch({ databaseUrl, server, patienceMs: 30_000 }, () => undefined)
    await api.request('PATCH', `/products/${id}`, { token, body: { name: `Samovar ${word}` } })
    t.strictSame(await names(`q=samovar+${word}`), [`Samovar ${word}`])
    t.ok((await rebuilding) > 0)
    await eventually('it is there', async () => (await names(`q=samovar+${word}`)).length === 1)
  })

  t.test('an index that is lost, and a change that no event tells of, are made good', async (t) => {
    const client = new pg.Client(databaseUrl)
    await client.connect()
    t.teardown(() => client.end())
    const [word, other] = [newWord(), newWord()]
    const { id } = await add(`Teapot ${word}`)
    await loseIndex()
    await eventually('it is found again', async () => (await names(`q=${word}`)).length === 1)
    await client.query('update inventory.products set name = $2, version = version + 1 where id = $1', [
      id,
      other,
    ])
    await eventually('it is found by its other name', async () => (await names(`q=${other}`)).length === 1)
  })
}

async function emptyIndex(databaseUrl: string): Promise<void> {
  const client = new pg.Client(databaseUrl)
  await client.connect()
  await client.query('truncate search.products, search.texts, search.words')
  await client.end()
}
