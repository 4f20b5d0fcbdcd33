import type { Test } from 'tap'
import { newId } from '../../platform/new-id.ts'
import type { ProductBody } from './api.ts'
import type { Shop } from './shop.ts'

type CategoryBody = {
  readonly id: string
  readonly path: string
  readonly version: number
  readonly parentId?: string
  readonly code?: string
}

type Shown = ProductBody & {
  readonly name: string
  readonly category: string
  readonly categoryPath: string[]
}

type Page = {
  readonly data: readonly Shown[]
  readonly facets?: readonly {
    readonly values: readonly { readonly value: string; readonly count: number }[]
  }[]
}

/** Products are listed and found by the tree of categories as it is. */
export function categorySuite(t: Test, { api, adminToken: token }: Shop): void {
  const root = `Kitchen ${newId()}`
  const word = `word${newId().replaceAll(/[^a-f]/g, '')}x`
  const add = async (name: string, category: string): Promise<Shown> => {
    const body = { name: `${name} ${word}`, category, price: 12.5, stock: 5 }
    return (await api.request<Shown>('POST', '/products', { token, body })).body
  }
  const read = async (query: string): Promise<Page> =>
    (await api.request<Page>('GET', `/products?${query}`)).body
  const countsOf = async (query: string) =>
    (await read(`${query}&facets=category`)).facets?.flatMap(({ values }) =>
      values.map(({ value, count }) => `${value}: ${count}`),
    )
  const tree = async () =>
    (await api.request<{ data: readonly CategoryBody[] }>('GET', '/categories')).body.data
  const at = async (path: string) => (await tree()).find((category) => category.path === path)

  /** By the list of the inventory and by the index. */
  async function hasInCategory(t: Test, path: string, count: number): Promise<void> {
    const category = encodeURIComponent(path)
    t.equal((await read(`category=${category}`)).data.length, count, `${path} is listed`)
    t.equal((await read(`category=${category}&q=${word}`)).data.length, count, `${path} is searched`)
  }

  t.test('a product makes the categories of its path, and is in all of them', async (t) => {
    t.match(await add('Bowl', root), { category: root, categoryPath: [root] })
    const pot = await add('Pot', `${root.toUpperCase()} / Pots`)
    t.match(pot, { category: `${root}/Pots`, categoryPath: [root, 'Pots'] })
    await add('Mini pot', `${root}/pots/Small`)
    await hasInCategory(t, root, 3)
    await hasInCategory(t, `${root}/POTS`, 2)
    t.strictSame(await countsOf(`q=${word}`), [`${root}: 3`, `${root}/Pots: 2`, `${root}/Pots/Small: 1`])
  })

  t.test('what is renamed and moved is found by its new path at once', async (t) => {
    const pots = await at(`${root}/Pots`)
    const headers = { 'if-match': `"${pots?.version}"` }
    const body = { name: `Pots ${word}`, parentId: null }
    const moved = await api.request<CategoryBody>('PATCH', `/categories/${pots?.id}`, {
      token,
      headers,
      body,
    })
    t.match(moved, { status: 200, body: { path: `Pots ${word}`, version: 2 } })
    await hasInCategory(t, `Pots ${word}`, 2)
    await hasInCategory(t, root, 1)
    t.strictSame(await countsOf(`q=${word}`), [`Pots ${word}: 2`, `${root}: 1`, `Pots ${word}/Small: 1`])
    const shown = (await read(`q=mini+${word}`)).data
    t.match(shown, [{ category: `Pots ${word}/Small`, version: 1 }])
    const again = await api.request('PATCH', `/categories/${pots?.id}`, { token, headers, body })
    t.match(again, { status: 412, body: { code: 'category.version-mismatch' } })
  })

  t.test('products are found and counted by what they say of themselves', async (t) => {
    const kettles = `${root}/Kettles`
    await add('Kettle', kettles)
    const attributes = [
      { name: 'litres', type: 'number' },
      { name: 'material', type: 'string' },
    ]
    const path = `/categories/${(await at(root))?.id}`
    t.match(await api.request('PATCH', path, { token, body: { attributes } }), { body: { attributes } })
    const make = async (name: string, values: object) => {
      const body = { name: `${name} ${word}`, category: kettles, price: 20, stock: 1, attributes: values }
      return api.request('POST', '/products', { token, body })
    }
    t.match(await make('Whistler', { material: 'Steel', litres: 1.5 }), {
      status: 201,
      body: { attributes: { material: 'Steel', litres: 1.5 } },
    })
    t.equal((await make('Gooseneck', { material: 'steel', litres: 1 })).status, 201)
    t.equal((await make('Samovar', { material: 'brass' })).status, 201)
    const refused = { status: 400, body: { code: 'product.invalid-attribute' } }
    t.match(await make('Odd', { colour: 'red' }), refused)
    t.match(await make('Odd', { litres: 'one' }), refused)
    const list = `category=${encodeURIComponent(root)}`
    const names = async (query: string) =>
      (await read(`${list}&sort=name&${query}`)).data.map(({ name }) => name)
    t.strictSame(await names('attributes.material=STEEL'), [`Gooseneck ${word}`, `Whistler ${word}`])
    t.strictSame(await names(`q=whistler&attributes.litres=1.50`), [`Whistler ${word}`])
    const { facets } = await read(
      `${list}&attributes.material=brass&facets=attributes.material,attributes.litres`,
    )
    t.strictSame(
      facets?.map(({ values }) => values.map(({ value, count }) => `${value.toLowerCase()}: ${count}`)),
      [['steel: 2', 'brass: 1'], []],
    )
    const inUse = await api.request('PATCH', path, { token, body: { attributes: [] } })
    t.match(inUse, { status: 409, body: { code: 'category.attribute-in-use' } })
  })

  t.test('products of a family differ by their options', async (t) => {
    type Made = { readonly id: string; readonly version: number; readonly code?: string }
    const headers = { 'idempotency-key': newId() }
    const body = { name: 'Shirt', options: ['size', 'colour'] }
    const make = () => api.request<Made>('POST', '/families', { token, headers, body })
    const familyId = (await make()).body.id
    t.match(await make(), { status: 201, body: { id: familyId, ...body } })
    const member = (size: string, stock = 5) =>
      api.request<Made>('POST', '/products', {
        token,
        body: {
          ...{ name: `Shirt ${size}`, category: `Shirts ${word}`, price: 19.99, stock },
          ...{ familyId, options: { size, colour: 'red' } },
        },
      })
    const small = await member('S')
    t.match(small, { status: 201, body: { familyId, options: { size: 'S', colour: 'red' } } })
    t.equal((await member('M', 0)).status, 201)
    t.match(await member('s'), { status: 409, body: { code: 'product.options-taken' } })
    t.match((await api.request('GET', `/families/${familyId}`)).body, {
      ...{ id: familyId, name: 'Shirt' },
      values: [
        { option: 'size', values: ['S', 'M'] },
        { option: 'colour', values: ['red'] },
      ],
      products: [
        { id: small.body.id, options: { size: 'S' }, price: 19.99, stock: 5, available: true },
        { options: { size: 'M' }, price: 19.99, stock: 0, available: false },
      ],
    })
    const remove = () => api.request('DELETE', `/families/${familyId}`, { token })
    t.match(await remove(), { status: 409, body: { code: 'family.has-products' } })
    const leave = { token, body: { familyId: null } }
    const left = await api.request<object>('PATCH', `/products/${small.body.id}`, leave)
    t.notOk('options' in left.body)
  })

  t.test('a promotion of a category is for what is below it', async (t) => {
    const code = `C${newId()}`
    const promotion = { kind: 'percent', value: 10, code, categories: [`pots ${word}`] }
    await api.request('POST', '/admin/promotions', { token, body: promotion })
    const customer = await api.newCustomer()
    const { data } = await read(`q=mini+${word}`)
    const body = { productId: data[0]?.id, quantity: 1 }
    await api.request('POST', '/cart/items', { token: customer, body })
    type Cart = { readonly totals: { readonly discount: number } }
    const cart = await api.request<Cart>('POST', '/cart/promotions', { token: customer, body: { code } })
    t.match(cart, { status: 200, body: { totals: { discount: 1.25 } } })
  })

  t.test('a category is made once under a key, and goes when it is empty', async (t) => {
    const headers = { 'idempotency-key': newId() }
    const body = { name: 'Garden', parentId: (await at(root))?.id }
    const make = () => api.request<CategoryBody>('POST', '/categories', { token, headers, body })
    const { id } = (await make()).body
    t.match(await make(), { status: 201, body: { id, path: `${root}/Garden` } })
    const product = await add('Spade', `${root}/garden`)
    const remove = (category: string | undefined) =>
      api.request('DELETE', `/categories/${category}`, { token })
    t.match(await remove(id), { status: 409, body: { code: 'category.has-products' } })
    t.match(await remove(body.parentId), { status: 409, body: { code: 'category.has-children' } })
    await api.request('DELETE', `/products/${product.id}`, { token })
    t.equal((await remove(id)).status, 204)
    t.equal(await at(`${root}/Garden`), undefined)
    t.match(await api.request('GET', `/categories/${id}`), { status: 404 })
  })
}
