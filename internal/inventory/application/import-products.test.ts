import t from 'tap'
import { systemCall, type Call } from '../../platform/call.ts'
import type { OutboxEvent } from '../../platform/outbox.ts'
import { maxImportedRows, type Outcome } from '../catalogue/application/import-products.ts'
import type { ImportedRow } from '../catalogue/application/plan-row.ts'
import { fakeInventory } from '../testing/fake-inventory.ts'
import { catalogueDeps, morning, newProductId } from '../testing/fixtures.ts'
import { inventoryApp } from './inventory-app.ts'

const system = systemCall('import')
const as = (role: 'admin' | 'customer'): Call => ({
  ...system,
  actor: { kind: 'user', userId: newProductId(), role },
})

function open() {
  const outbox: OutboxEvent[] = []
  const { tables, ...ports } = fakeInventory((events) => void outbox.push(...events))
  const { products } = ports
  const deps = { ...ports, ...catalogueDeps, newProductId, now: () => morning, currency: 'EUR' }
  const run = async (rows: readonly ImportedRow[], how = {}): Promise<readonly string[]> =>
    (
      await inventoryApp(deps).importProducts(
        { rows, isDryRun: false, countsStock: false, ...how },
        as('admin'),
      )
    ).map(told)
  const find = async (sku: string) => (await products.findBySku([sku])).get(sku.toLowerCase())
  return { deps, run, find, outbox, products, tables, app: inventoryApp(deps) }
}

const told = (outcome: Outcome): string =>
  outcome.kind === 'refused' ? `${outcome.refusal.code} ${outcome.field}` : outcome.kind

const tea: ImportedRow = { sku: 'TEA-1', name: 'Tea', category: 'drinks', price: 3.5, stock: 7 }

t.test('the same rows again change nothing more, and other ones change what they say', async (t) => {
  const { run, find, outbox } = open()
  t.strictSame(await run([tea, { ...tea, sku: 'TEA-2' }]), ['created', 'created'])
  const before = outbox.length
  t.strictSame(await run([tea, { ...tea, sku: ' tea-2' }]), ['unchanged', 'unchanged'])
  t.equal(outbox.length, before)
  t.strictSame(await run([{ sku: 'tea-1', price: 4 }]), ['updated'])
  t.match(await find('TEA-1'), {
    ...{ product: { sku: 'TEA-1', name: 'Tea', price: { minor: 400n, currency: 'EUR' }, version: 2 } },
    available: 7,
  })
})

t.test('stock opens new products only, unless it was counted: then the difference is booked', async (t) => {
  const { run, find, tables } = open()
  await run([tea])
  t.strictSame(await run([{ ...tea, stock: 3 }]), ['unchanged'])
  t.equal((await find('TEA-1'))?.available, 7)
  const count = { countsStock: true }
  t.strictSame(await run([{ sku: 'TEA-1', stock: 3 }], count), ['updated'])
  t.strictSame(await run([{ sku: 'TEA-1', stock: 3 }], count), ['unchanged'])
  t.equal((await find('TEA-1'))?.available, 3)
  t.strictSame(
    tables.movements.map(({ kind, quantity }) => `${kind} ${quantity}`),
    ['restock 7', 'adjustment -4'],
  )
})

t.test('a dry run tells the same and changes nothing', async (t) => {
  const { run, outbox } = open()
  await run([tea])
  const before = outbox.length
  const rows = [{ ...tea, price: 9 }, { ...tea, sku: 'NEW' }, { sku: 'TEA-1', stock: 2 }, { sku: 'BAD' }]
  t.strictSame(await run(rows, { isDryRun: true, countsStock: true }), [
    ...['updated', 'created', 'updated', 'import.missing-value name'],
  ])
  t.equal(outbox.length, before)
})

t.test('a row that is refused says which field, and holds up no other', async (t) => {
  const { run } = open()
  await run([tea])
  t.strictSame(
    await run([
      { ...tea, sku: '' },
      { ...tea, sku: 'A', name: undefined },
      { ...tea, sku: 'B', price: 1.001 },
      { ...tea, sku: 'C', currency: 'USD' },
      { sku: 'TEA-1', currency: 'USD' },
      { ...tea, sku: 'D', name: 'x'.repeat(201) },
      { ...tea, sku: 'E', stock: 1_000_000_001 },
      { ...tea, sku: 'F' },
    ]),
    [
      'product.invalid sku',
      'import.missing-value name',
      'money.invalid price',
      'import.other-currency currency',
      'import.other-currency currency',
      'product.invalid name',
      'stock.invalid-quantity stock',
      'created',
    ],
  )
})

t.test('a product that somebody else has added meanwhile is changed', async (t) => {
  const { deps, run, find } = open()
  await run([tea])
  let isFirst = true
  const products: typeof deps.products = {
    ...deps.products,
    async findBySku(skus) {
      if (!isFirst) return deps.products.findBySku(skus)
      isFirst = false
      return new Map()
    },
  }
  const rows = [{ ...tea, name: 'Green tea' }]
  const outcomes = await inventoryApp({ ...deps, products }).importProducts(
    { rows, isDryRun: false, countsStock: false },
    as('admin'),
  )
  t.strictSame(outcomes.map(told), ['updated'])
  t.equal((await find('TEA-1'))?.product.name, 'Green tea')
})

t.test(
  'a row says in which family a product is, by which options it differs, and what it says of itself',
  async (t) => {
    const { run, find, app, outbox } = open()
    const shirts = await app.createFamily({ name: 'Shirt', options: ['size', 'colour'] }, as('admin'))
    const trousers = await app.createFamily({ name: 'Trousers', options: ['length'] }, as('admin'))
    const attributes = [
      { name: 'cloth', type: 'string' },
      { name: 'weight', type: 'number' },
      { name: 'lined', type: 'boolean' },
    ]
    await app.createCategory({ name: 'clothes', parentId: undefined, attributes }, as('admin'))
    const familyId = shirts.result.id
    const shirt = {
      ...{ ...tea, category: 'clothes/shirts', familyId, options: { size: 'S', colour: 'red' } },
      attributes: { cloth: ' 100 ', weight: '1.50', lined: 'TRUE' },
    }
    t.strictSame(await run([shirt]), ['created'])
    const told = {
      membership: { familyId, options: { colour: 'red', size: 'S' } },
      attributes: { cloth: '100', weight: 1.5, lined: true },
    }
    t.match((await find('TEA-1'))?.product, told)
    const { length } = outbox
    t.strictSame(
      await run([shirt, { sku: 'TEA-1', attributes: { weight: '15e-1' }, options: { size: 'S' } }]),
      [...['unchanged', 'unchanged']],
    )
    t.equal(outbox.length, length)
    t.strictSame(await run([{ sku: 'TEA-1', attributes: { cloth: 'wool' }, options: { size: 'M' } }]), [
      'updated',
    ])
    t.match((await find('TEA-1'))?.product, {
      membership: { familyId, options: { colour: 'red', size: 'M' } },
      attributes: { cloth: 'wool', weight: 1.5, lined: true },
    })
    const elsewhere = { sku: 'TEA-1', familyId: trousers.result.id, options: { length: '32' } }
    t.strictSame(await run([elsewhere]), ['updated'])
    t.strictSame((await find('TEA-1'))?.product.membership?.options, { length: '32' })
  },
)

t.test('families, options and attributes that do not fit name their column, also in a dry run', async (t) => {
  const { run, app, outbox } = open()
  const { result } = await app.createFamily({ name: 'Shirt', options: ['size'] }, as('admin'))
  await app.createCategory(
    { name: 'clothes', parentId: undefined, attributes: [{ name: 'weight', type: 'number' }] },
    as('admin'),
  )
  const shirt = { ...tea, category: 'clothes', familyId: result.id }
  const { length } = outbox
  const rows = [
    { ...shirt, sku: 'A', options: { size: 'S' } },
    { ...shirt, sku: 'B', options: { size: 's' } },
    { ...shirt, sku: 'C', options: { colour: 'red' } },
    { ...shirt, sku: 'D', familyId: 'shirts' },
    { ...shirt, sku: 'E', familyId: newProductId() },
    { ...tea, sku: 'F', options: { size: 'S' } },
    { ...tea, sku: 'G', category: 'clothes', attributes: { weight: 'heavy' } },
    { ...tea, sku: 'H', category: 'clothes', attributes: { cloth: 'wool' } },
    { ...tea, sku: 'I' },
  ]
  const outcomes = [
    'created',
    'product.options-taken options',
    'product.invalid options',
    'family.invalid-id familyId',
    'product.invalid familyId',
    'product.invalid options',
    'product.invalid-attribute attributes.weight',
    'product.invalid-attribute attributes.cloth',
    'created',
  ]
  t.strictSame(await run(rows, { isDryRun: true }), outcomes)
  t.equal(outbox.length, length, 'nothing stays')
  t.strictSame(await run(rows), outcomes)
})

t.test('rows are stored together, and those beside one that is refused as well', async (t) => {
  const { deps, run } = open()
  await run([{ ...tea, sku: 'TAKEN' }])
  const sizes: number[] = []
  const products: typeof deps.products = {
    ...deps.products,
    findBySku: async (skus) => (skus.length === 1 ? deps.products.findBySku(skus) : new Map()),
    storeEach(writes, trace, isTrial) {
      sizes.push(writes.length)
      return deps.products.storeEach(writes, trace, isTrial)
    },
  }
  const skus = Array.from({ length: 8 }, (_, index) => (index === 5 ? 'TAKEN' : `S-${index}`))
  const rows = skus.map((sku) => ({ ...tea, sku, name: 'Other tea' }))
  const outcomes = await inventoryApp({ ...deps, products }).importProducts(
    { rows, isDryRun: false, countsStock: false },
    as('admin'),
  )
  t.strictSame(
    outcomes.map(told),
    skus.map((sku) => (sku === 'TAKEN' ? 'updated' : 'created')),
  )
  t.strictSame(sizes, [8, 1])
})

t.test('a second row of the same product changes what the first has made', async (t) => {
  const { run, find } = open()
  t.strictSame(await run([tea, { ...tea, sku: 'tea-1 ', name: 'Black tea' }]), ['created', 'updated'])
  t.match((await find('TEA-1'))?.product, { name: 'Black tea', version: 2 })
})

t.test('only who may change products imports, and no more at once than is bearable', async (t) => {
  const { deps } = open()
  const how = { isDryRun: true, countsStock: false }
  await t.rejects(inventoryApp(deps).importProducts({ rows: [tea], ...how }, as('customer')), {
    code: 'auth.forbidden',
  })
  const rows = Array.from({ length: maxImportedRows + 1 }, (_, index) => ({ ...tea, sku: `S-${index}` }))
  await t.rejects(inventoryApp(deps).importProducts({ rows, ...how }, as('admin')), {
    code: 'import.too-many-rows',
  })
})

t.test('a fault of the store ends the import instead of blaming a row', async (t) => {
  const { deps } = open()
  const products = { ...deps.products, storeEach: async () => Promise.reject(new Error('no disk')) }
  await t.rejects(
    inventoryApp({ ...deps, products }).importProducts(
      { rows: [tea], isDryRun: false, countsStock: false },
      as('admin'),
    ),
    { message: 'no disk' },
  )
})
