import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pg from 'pg'
import t, { type Test } from 'tap'
import { migrate } from '../../migrate/migrate.ts'
import { newId } from '../../platform/new-id.ts'
import { testDatabase } from '../../platform/testing/database.ts'
import { storingServices } from '../../services.ts'
import { addProduct, newProductId } from '../testing/fixtures.ts'
import { openPrismaStores } from '../testing/open-prisma-stores.ts'
import { listAll } from '../testing/products-contract.ts'

const migration = 'inventory/migrations/20261128120000_text'

/** A database as the version before has left it, with products whose texts it took as they came. */
async function openFilled(
  t: Test,
  products: readonly (readonly [sku: string, name: string, category: string])[],
) {
  const { url: sibling } = await testDatabase(t)
  const url = new URL(sibling)
  url.pathname = `${url.pathname}_before`
  const before = await mkdtemp(path.join(process.env.TEST_TMP_DIR ?? tmpdir(), 'before-'))
  t.teardown(() => rm(before, { recursive: true, force: true }))
  await cp('prisma', before, { recursive: true, filter: (source) => !source.endsWith(migration) })
  const databases = Object.fromEntries(storingServices.map((service) => [service, url.href]))
  await migrate({ databases, prismaDir: before })
  const client = new pg.Client({ connectionString: url.href })
  t.teardown(async () => {
    await client.end()
    const admin = new pg.Client({ connectionString: sibling })
    await admin.connect()
    await admin.query(`DROP DATABASE IF EXISTS "${url.pathname.slice(1)}" WITH (FORCE)`)
    await admin.end()
  })
  await client.connect()
  const insert = async ([sku, name, category]: readonly [string, string, string]): Promise<void> => {
    const id = newProductId()
    await client.query(insertBefore, [id, sku, name, category])
    await client.query('insert into inventory.stock (product_id, available) values ($1, 5)', [id])
  }
  for (const product of products) await insert(product)
  const applied = await migrate({ databases, prismaDir: 'prisma' })
  t.strictSame(applied, [{ service: 'inventory', migration: path.basename(migration) }])
  return { client, insert, stores: openPrismaStores(t, url.href) }
}

/** As the version before writes a product. */
const insertBefore = `insert into inventory.products
  (id, sku, name, category, description, images, price_minor, currency, version, created_at, updated_at)
  values ($1, $2, $3, $4, '', '{}', 100, 'USD', 1, now(), now())`

t.test('products from before are found, listed and guarded like new ones', async (t) => {
  const { stores } = await openFilled(t, [
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
  const { stores, client } = await openFilled(t, [
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
  const { stores, client, insert } = await openFilled(t, [])
  const name = `Rolling ${newId()}`
  await insert(['roll-1', name, 'Kitchen'])
  t.strictSame(await listAll(stores.products, { query: 'rolling', category: 'kitchen' }, 'name'), [name])
  await t.rejects(insert(['ROLL-1', 'Other', 'Kitchen']), { code: '23505' })
  await client.query('update inventory.products set deleted_at = now()')
  t.strictSame(await listAll(stores.products, { query: 'rolling' }, 'name'), [])
  await insert(['ROLL-1', 'Other', 'Kitchen'])
})
