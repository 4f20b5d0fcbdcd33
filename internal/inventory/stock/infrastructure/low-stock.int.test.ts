import t from 'tap'
import { testDatabase } from '../../../platform/testing/database.ts'
import { allocate } from '../domain/allocate.ts'
import { addProduct, adjust, line, noon, releases, request } from '../../testing/fixtures.ts'
import { openPrismaStores } from '../../testing/open-prisma-stores.ts'
import type { ProductId } from '../../domain/ids.ts'

const { url } = await testDatabase(t)
const stores = openPrismaStores(t, url, 5)
const other = openPrismaStores(t, url, 5)
const dayMs = 86_400_000
const later = (ms: number): Date => new Date(noon.getTime() + ms)

type Told = { readonly available: number; readonly version: number }

const toldOf = (productId: ProductId): Promise<readonly Told[]> =>
  stores.db.$queryRawUnsafe(
    `select (data::jsonb ->> 'available')::int as available, aggregate_version as version
     from producer.outbox where subject = 'stock.low' and aggregate_id = $1::uuid order by aggregate_version`,
    productId,
  )

t.test('orders that bring stock below the limit are told of once, and the next ones are not', async (t) => {
  const product = await addProduct(stores, 7, { sku: 'MUG' })
  for (const units of [2, 1, 1])
    await stores.reservations.reserve([request([line(product, units)])], allocate, noon)
  t.same(await toldOf(product.id), [{ available: 4, version: 1 }])
  const [{ data } = {}] = (await stores.events()).filter(({ subject }) => subject === 'stock.low')
  t.same(data, { productId: product.id, sku: 'MUG', available: 4 })
})

t.test('a product that never had as many, and one of which none was taken, are not told of', async (t) => {
  const [scarce, plenty] = [await addProduct(stores, 3), await addProduct(stores, 9)]
  await stores.reservations.reserve([request([line(scarce, 1), line(plenty, 1)])], allocate, noon)
  t.same(await toldOf(scarce.id), [])
  t.same(await toldOf(plenty.id), [])
})

t.test('an order that is canceled and placed again on the same day tells nothing new', async (t) => {
  const product = await addProduct(stores, 5)
  const again = async (at: Date): Promise<void> => {
    const order = request([line(product, 1)])
    await stores.reservations.reserve([order], allocate, at)
    await stores.reservations.release(releases([order.orderId]), at)
  }
  await again(noon)
  await again(later(dayMs - 1))
  t.equal((await toldOf(product.id)).length, 1)
  await again(later(dayMs))
  t.equal((await toldOf(product.id)).length, 2, 'on the next day it does')
})

t.test('stock that was filled up is told of when it falls again', async (t) => {
  const product = await addProduct(stores, 5)
  await adjust(stores, product, -1)
  await adjust(stores, product, 3)
  await adjust(stores, product, -4)
  t.same(await toldOf(product.id), [
    { available: 4, version: 1 },
    { available: 3, version: 2 },
  ])
})

t.test('a later hold tells of it, too', async (t) => {
  const product = await addProduct(stores, 6)
  const order = request([line(product, 1)])
  await stores.reservations.reserve([order], allocate, noon)
  await stores.reservations.release(releases([order.orderId]), noon)
  await stores.reservations.reserve([request([line(product, 2)], order.orderId, 2)], allocate, noon)
  t.same(await toldOf(product.id), [{ available: 4, version: 1 }])
})

t.test('two replicas that take the last units at once tell of it once', async (t) => {
  const product = await addProduct(stores, 20)
  const take = ({ reservations }: typeof stores) =>
    reservations.reserve([request([line(product, 1)])], allocate, noon)
  await Promise.all(Array.from({ length: 20 }, (_, n) => take(n % 2 ? stores : other)))
  t.same(
    (await toldOf(product.id)).map(({ version }) => version),
    [1],
  )
})
