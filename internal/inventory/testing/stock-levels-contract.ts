import type { Test } from 'tap'
import { newId } from '../../platform/new-id.ts'
import { deleteProduct } from '../catalogue/domain/product.ts'
import type { StockLevel } from '../stock/application/stock-levels.ts'
import {
  addProduct,
  adjust,
  available,
  history,
  ledger,
  newProductId,
  noon,
  trace,
  type InventoryStores,
} from './fixtures.ts'

type Open = (t: Test) => Promise<InventoryStores>

/** What every stock of products does. */
export function stockLevelsContract(t: Test, open: Open): void {
  adjustmentTests(t, open)
  idempotencyTests(t, open)
  lowTests(t, open)
}

function lowTests(t: Test, open: Open): void {
  t.test('lists what is low, the fewest first, page by page, without deleted products', async (t) => {
    const stores = await open(t)
    const stocks = [3, 0, 4, 3, 5]
    const [three, none, four, deleted, enough] = await Promise.all(
      stocks.map((stock) => addProduct(stores, stock)),
    )
    if (!three || !none || !four || !deleted || !enough) throw new Error('five products')
    await stores.products.update(deleted.id, (found) => deleteProduct(found, undefined, noon), trace)
    // Products of other tests may be there as well.
    const found: StockLevel[] = []
    for (let hasMore = true; hasMore;) {
      const page = await stores.stockLevels.low({ atMost: 4, limit: 2, after: found.at(-1) })
      t.ok(page.levels.length <= 2)
      found.push(...page.levels)
      hasMore = page.hasMore
    }
    t.equal(new Set(found.map(({ productId }) => productId)).size, found.length, 'each is there once')
    const own = [three, none, four, deleted, enough].map(({ id }) => id)
    t.strictSame(
      found.filter(({ productId }) => own.includes(productId)),
      [
        { productId: none.id, available: 0 },
        { productId: three.id, available: 3 },
        { productId: four.id, available: 4 },
      ],
    )
    const empty = (await stores.stockLevels.low({ atMost: 0, limit: 100 })).levels
    t.ok(empty.every(({ available }) => available === 0))
    t.ok(empty.some(({ productId }) => productId === none.id))
  })
}

function adjustmentTests(t: Test, open: Open): void {
  t.test('books and publishes each adjustment', async (t) => {
    const stores = await open(t)
    const product = await addProduct(stores, 5)
    t.strictSame(await adjust(stores, product, 10), { available: 15, isReplay: false })
    t.strictSame(await adjust(stores, product, -15), { available: 0, isReplay: false })
    t.equal(await available(stores, product), 0)
    t.strictSame(await ledger(stores, product.id), ['restock 5', 'restock 10', 'adjustment -15'])
    t.strictSame(await history(stores, product.id), [
      'product.created 1',
      'stock.adjusted 1',
      'stock.adjusted 2',
    ])
    t.match((await stores.events()).filter(({ aggregateId }) => aggregateId === product.id).at(-1), {
      aggregateType: 'stock',
      data: { productId: product.id, quantity: -15, available: 0, reason: 'counted' },
    })
  })

  t.test('books nothing below zero', async (t) => {
    const stores = await open(t)
    const product = await addProduct(stores, 5)
    await t.rejects(adjust(stores, product, -6), { code: 'stock.below-zero', details: { available: 5 } })
    t.equal(await available(stores, product), 5)
    t.strictSame(await ledger(stores, product.id), ['restock 5'])
  })

  t.test('lets one of two racing write-offs of the last unit win', async (t) => {
    const stores = await open(t)
    const product = await addProduct(stores, 1)
    const results = await Promise.allSettled([adjust(stores, product, -1), adjust(stores, product, -1)])
    t.strictSame(results.map(({ status }) => status).sort(), ['fulfilled', 'rejected'])
    t.equal(await available(stores, product), 0)
  })

  t.test('knows no unknown or deleted product', async (t) => {
    const stores = await open(t)
    const product = await addProduct(stores, 5)
    await stores.products.update(product.id, (found) => deleteProduct(found, undefined, noon), trace)
    await t.rejects(adjust(stores, product, 1), { kind: 'not-found', code: 'product.not-found' })
    await t.rejects(adjust(stores, { ...product, id: newProductId() }, 1), { code: 'product.not-found' })
  })
}

function idempotencyTests(t: Test, open: Open): void {
  t.test('does the same key once, however many ask at once', async (t) => {
    const stores = await open(t)
    const product = await addProduct(stores, 5)
    const answers = await Promise.all(
      Array.from({ length: 16 }, () => adjust(stores, product, 3, 'delivery 1')),
    )
    t.equal(answers.filter((answer) => !answer.isReplay).length, 1)
    t.ok(answers.every((answer) => answer.available === 8))
    t.strictSame(await ledger(stores, product.id), ['restock 5', 'restock 3'])
    t.strictSame(await history(stores, product.id), ['product.created 1', 'stock.adjusted 1'])
  })

  t.test('answers a repetition with the level as it is now', async (t) => {
    const stores = await open(t)
    const product = await addProduct(stores, 5)
    await adjust(stores, product, 3, 'delivery 1')
    await adjust(stores, product, -8)
    t.strictSame(await adjust(stores, product, 3, 'delivery 1'), { available: 0, isReplay: true })
  })

  t.test('refuses a key that was used for another quantity or with another reason', async (t) => {
    const stores = await open(t)
    const product = await addProduct(stores, 5)
    await adjust(stores, product, 3, 'delivery 1')
    const refusal = { kind: 'invalid', code: 'stock.idempotency-key-reused', details: { quantity: 3 } }
    await t.rejects(adjust(stores, product, 4, 'delivery 1'), refusal)
    await t.rejects(adjust(stores, product, 3, 'delivery 1', 'another reason'), refusal)
    t.equal(await available(stores, product), 8)
  })

  t.test('takes the same key for another product', async (t) => {
    const stores = await open(t)
    const key = newId()
    const [one, other] = [await addProduct(stores, 1), await addProduct(stores, 1)]
    t.strictSame(await adjust(stores, one, 1, key), { available: 2, isReplay: false })
    t.strictSame(await adjust(stores, other, 1, key), { available: 2, isReplay: false })
  })
}
