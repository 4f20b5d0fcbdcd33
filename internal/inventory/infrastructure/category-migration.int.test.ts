import t from 'tap'
import { aggregates } from '../../services.ts'
import { addProduct, noon, trace } from '../testing/fixtures.ts'
import { openFilled } from '../testing/open-filled.ts'
import { listAll } from '../testing/products-contract.ts'
import { updateCategory } from '../catalogue/domain/category-tree.ts'

/** The second one builds on the first. */
const migrations = ['20261129220000_categories', '20261129223000_attributes', '20261129224000_families']

const placed = `select p.name || ' is in ' || p.category as line from inventory.products p
  join inventory.categories c on c.id = p.category_id and c.path = p.category order by p.name`

t.test('products from before are in the categories of their texts', async (t) => {
  const { stores, client } = await openFilled(t, migrations, [
    ['a', 'Lamp', 'Lights'],
    ['b', 'Lantern', 'LIGHTS'],
    ['c', 'Pot', ' Küche / Töpfe //'],
    ['d', 'Pan', 'küche'],
    ['e', 'Odd', '/'],
  ])
  const { rows } = await client.query<{ line: string }>(placed)
  t.strictSame(
    rows.map(({ line }) => line),
    ['Lamp is in Lights', 'Lantern is in Lights', 'Odd is in -', 'Pan is in Küche', 'Pot is in Küche/Töpfe'],
  )
  t.strictSame(await listAll(stores.products, { category: 'KÜCHE' }, 'name'), ['Pan', 'Pot'])
  t.equal((await addProduct(stores, 1, { category: 'lights' })).category, 'Lights')
})

t.test('what the version before writes meanwhile is placed as well', async (t) => {
  const { stores, client, insert } = await openFilled(t, migrations, [])
  await insert(['a', 'Lamp', 'Lights'])
  const [category] = await stores.categories.list()
  t.match(category, { path: 'Lights', version: 1 })
  await client.query("update inventory.products set category = 'Home/Lights'")
  t.strictSame(await listAll(stores.products, { category: 'home' }, 'name'), ['Lamp'])
  await client.query("update inventory.products set category = 'LIGHTS'")
  t.match((await client.query(placed)).rows, [{ line: 'Lamp is in Lights' }])
})

t.test('no event is missed of what the database has made', async (t) => {
  const { stores, client, insert } = await openFilled(t, migrations, [])
  await insert(['a', 'Lamp', 'Lights'])
  const sql = aggregates.find(({ type }) => type === 'category')?.sql ?? ''
  const versions = async () => (await client.query<{ id: string; version: number }>(sql)).rows
  t.match(await versions(), [{ version: 0, created_at: null }])
  const [{ id } = { id: '' }] = await versions()
  await stores.categories.change(
    (tree) => updateCategory(tree, id as never, { name: 'Lamps' }, 1, noon),
    trace,
  )
  t.match(await versions(), [{ version: 2, created_at: null }])
})
