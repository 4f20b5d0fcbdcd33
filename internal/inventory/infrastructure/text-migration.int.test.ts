import t from 'tap'
import { newId } from '../../platform/new-id.ts'
import { addProduct } from '../testing/fixtures.ts'
import { openFilled } from '../testing/open-filled.ts'
import { listAll } from '../testing/products-contract.ts'

/** Each builds on the one before. */
const migrations = [
  '20261128120000_text',
  '20261129220000_categories',
  '20261129223000_attributes',
  '20261129224000_families',
]

t.test('products from before are found, listed and guarded like new ones', async (t) => {
  const { stores } = await openFilled(t, migrations, [
    ['SEÑAL-1'.normalize('NFD'), 'Jalapen\u0303o sauce', 'Küche'.normalize('NFD')],
    ['se-2', 'Jalape\u00f1o seeds', 'küche'],
    ['bell-3', 'Bell \u0007 pepper', 'Garden'],
  ])
  const found = (query: string) => listAll(stores.products, { query }, 'name')
  for (const query of ['jalapeno', 'Jalapeño', 'jalapen\u0303o'])
    t.strictSame(await found(query), ['Jalapen\u0303o sauce', 'Jalape\u00f1o seeds'], query)
  t.strictSame(await found('señal'), ['Jalapen\u0303o sauce'])
  t.strictSame(await listAll(stores.products, { category: 'KÜCHE' }, 'price'), await found('jalapeno'))
  t.equal((await listAll(stores.products, {}, 'name')).length, 3, 'also with a control character in a cursor')
  await t.rejects(addProduct(stores, 1, { sku: 'señal-1' }), { code: 'product.sku-taken' })
})

t.test('SKUs that differ in case only stay as they are, and get no more company', async (t) => {
  const { stores, client } = await openFilled(t, migrations, [
    ['sku-x', 'First', 'a'],
    ['SKU-x', 'Second', 'a'],
    ['SKU-X', 'Third', 'a'],
  ])
  t.strictSame((await listAll(stores.products, { query: 'sku-X' }, 'name')).toSorted(), [
    'First',
    'Second',
    'Third',
  ])
  await t.rejects(addProduct(stores, 1, { sku: 'Sku-X' }), { code: 'product.sku-taken' })
  await client.query(`update inventory.products set name = 'Renamed' where name = 'Second'`)
  t.strictSame(await listAll(stores.products, { query: 'rename' }, 'name'), ['Renamed'])
})

t.test('what the version before writes meanwhile is found as well', async (t) => {
  const { stores, client, insert } = await openFilled(t, migrations, [])
  const name = `Rolling ${newId()}`
  await insert(['roll-1', name, 'Kitchen'])
  t.strictSame(await listAll(stores.products, { query: 'rolling', category: 'kitchen' }, 'name'), [name])
  await t.rejects(insert(['ROLL-1', 'Other', 'Kitchen']), { code: '23505' })
  await client.query('update inventory.products set deleted_at = now()')
  t.strictSame(await listAll(stores.products, { query: 'rolling' }, 'name'), [])
  await insert(['ROLL-1', 'Other', 'Kitchen'])
})
