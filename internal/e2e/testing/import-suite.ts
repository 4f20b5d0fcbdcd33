import type { Test } from 'tap'
import { fetch } from 'undici'
import { eventually } from '../../platform/testing/eventually.ts'
import type { Shop } from './shop.ts'

type Report = {
  readonly created: number
  readonly updated: number
  readonly unchanged: number
  readonly failed: number
  readonly errors: readonly { readonly line: number; readonly column: string; readonly code: string }[]
}

const file = `sku;name;category;price;stock;description;images
IMP-1;"Kettle; enamelled";Kitchen;34.50;5;"For ""slow"" mornings
on two lines";https://img.example/1.jpg https://img.example/2.jpg
IMP-2;Teapot;Kitchen;20;8;;
IMP-3;;Kitchen;20;8;;
`

/** Products come from and go to files. */
export function importSuite(t: Test, shop: Shop): void {
  const { api, adminToken: token, url } = shop

  const send = async (file: string, query = '') => {
    const headers = { 'content-type': 'text/csv' }
    const path = `/admin/products/import${query}`
    return (await api.request<Report>('POST', path, { token, headers, rawBody: file })).body
  }
  const exported = async () =>
    (await fetch(`${url}/admin/products/export`, { headers: { authorization: `Bearer ${token}` } })).text()
  const stockOf = async (sku: string) => {
    const { body } = await api.request<{ data: { id: string; stock: number; name: string }[] }>(
      'GET',
      `/products?q=${sku}`,
    )
    return body.data[0]
  }
  /** The index learns of what a file brings in a moment after the answer. */
  const found = async (sku: string) => {
    await eventually(`${sku} is found`, async () => (await stockOf(sku)) !== undefined)
    return stockOf(sku)
  }

  t.test('a file becomes products that are found, and the same file again changes nothing', async (t) => {
    t.match(await send(file, '?dryRun=true'), { created: 2, failed: 1 })
    t.equal(await stockOf('IMP-1'), undefined)
    t.match(await send(file), {
      ...{ created: 2, updated: 0, unchanged: 0, failed: 1 },
      errors: [{ line: 5, column: 'name', code: 'import.missing-value' }],
    })
    t.match(await send(file), { created: 0, updated: 0, unchanged: 2, failed: 1 })
    t.match(await found('IMP-1'), { name: 'Kettle; enamelled', stock: 5 })
  })

  t.test('what is exported and imported again changes nothing', async (t) => {
    const text = await exported()
    t.match(text, /IMP-1,"Kettle; enamelled",kitchen,34.5,USD,5,,"For ""slow"" mornings\non two lines"/i)
    const { created, updated, unchanged, failed } = await send(text, '?stock=count')
    t.match({ created, updated, failed }, { created: 0, updated: 0, failed: 0 })
    t.ok(unchanged >= 2)
  })

  t.test(
    'families, options and attributes come from a file, and go to one that changes nothing',
    async (t) => {
      type Made = { readonly id: string }
      const attributes = [
        { name: 'cloth', type: 'string' },
        { name: 'weight', type: 'number' },
        { name: 'lined', type: 'boolean' },
      ]
      await api.request('POST', '/categories', { token, body: { name: 'Imported clothes', attributes } })
      const family = { token, body: { name: 'Imported shirt', options: ['size'] } }
      const { id } = (await api.request<Made>('POST', '/families', family)).body
      const head =
        'sku,name,category,price,stock,familyId,options.size,attributes.cloth,attributes.weight,attributes.lined'
      const shirts = [
        `IMP-S,Shirt S,Imported clothes/Shirts,19.99,3,${id},S,wool,1.5,true`,
        `IMP-M,Shirt M,Imported clothes/Shirts,19.99,3,${id},M,100,0.25,false`,
        `IMP-X,Shirt again,Imported clothes/Shirts,19.99,3,${id},s,wool,1,`,
        `IMP-Y,Shirt Y,Imported clothes/Shirts,19.99,3,,,wool,heavy,`,
      ]
      const text = [head, ...shirts].join('\n')
      const errors = [
        { line: 4, column: 'options', code: 'product.options-taken' },
        { line: 5, column: 'attributes.weight', code: 'product.invalid-attribute' },
      ]
      t.match(await send(text, '?dryRun=true'), { created: 2, failed: 2, errors })
      t.match(await send(text), { created: 2, failed: 2, errors })
      t.match(await send(text), { created: 0, updated: 0, unchanged: 2, failed: 2 })
      type Family = { readonly products: readonly { readonly sku: string; readonly options: object }[] }
      t.match((await api.request<Family>('GET', `/families/${id}`)).body.products, [
        { sku: 'IMP-S', options: { size: 'S' } },
        { sku: 'IMP-M', options: { size: 'M' } },
      ])
      t.match(await found('IMP-M'), { attributes: { cloth: '100', weight: 0.25, lined: false } })
      const all = await exported()
      const rows = all.split('\r\n').map((row) => row.split(','))
      const cells = rows.find(([sku]) => sku === 'IMP-S') ?? []
      t.match(Object.fromEntries((rows[0] ?? []).map((name, index) => [name, cells[index]])), {
        ...{ sku: 'IMP-S', name: 'Shirt S', category: 'Imported clothes/Shirts', stock: '3', familyId: id },
        ...{ 'options.size': 'S', 'attributes.cloth': 'wool' },
        ...{ 'attributes.weight': '1.5', 'attributes.lined': 'true' },
      })
      const { created, updated, failed, unchanged } = await send(all, '?stock=count')
      t.match({ created, updated, failed }, { created: 0, updated: 0, failed: 0 })
      t.ok(unchanged >= 4)
      await shop.auditIsClean()
    },
  )

  t.test('a count is booked in the ledger beside what is sold meanwhile', async (t) => {
    const customer = await api.newCustomer()
    const { id = '' } = (await found('IMP-2')) ?? {}
    const order = { token: customer, body: { items: [{ productId: id, quantity: 1 }] } }
    const orders = Array.from({ length: 5 }, () => api.request<{ id: string }>('POST', '/orders', order))
    const count = send('sku,stock\nIMP-2,100\n', '?stock=count')
    for (const { body } of await Promise.all(orders)) await shop.settled(body.id, customer)
    t.match(await count, { updated: 1, failed: 0 })
    await shop.auditIsClean()
    const log = await api.request<{ data: { what: string; reason?: string }[] }>(
      'GET',
      '/admin/log?what=stock.adjusted',
      {
        token,
      },
    )
    t.match(log.body.data, [{ what: 'stock.adjusted', reason: 'counted' }])
  })
}
