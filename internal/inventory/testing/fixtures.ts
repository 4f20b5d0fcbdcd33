import type { OutboxEvent } from '../../platform/outbox.ts'
import { newId } from '../../platform/new-id.ts'
import type { Categories } from '../catalogue/application/categories.ts'
import type { Families } from '../catalogue/application/families.ts'
import type { ProductImages } from '../catalogue/application/product-images.ts'
import type { Products } from '../catalogue/application/products.ts'
import type { Release, Reservations, TracedRequest } from '../stock/application/reservations.ts'
import type { StockLevels } from '../stock/application/stock-levels.ts'
import type { StockLine } from '../stock/domain/allocate.ts'
import type { CategoryId, FamilyId, ImageId, OrderId, ProductId } from '../domain/ids.ts'
import { createProduct, type NewProduct, type Product } from '../catalogue/domain/product.ts'
import { adjustStock, type Adjustment } from '../stock/domain/stock.ts'
import type { Movement } from './inventory-tables.ts'

export const morning = new Date('2026-11-20T08:00:00.000Z')
export const noon = new Date('2026-11-20T12:00:00.000Z')
export const trace = { correlationId: 'story', causationId: '', traceparent: '' }

export const newProductId = (): ProductId => newId() as ProductId
export const newCategoryId = (): CategoryId => newId() as CategoryId
export const newFamilyId = (): FamilyId => newId() as FamilyId
export const newImageId = (): ImageId => newId() as ImageId
export const newOrderId = (): OrderId => newId() as OrderId

/** Stores under test, and what they have left behind. */
export type InventoryStores = {
  readonly products: Products
  readonly categories: Categories
  readonly families: Families
  readonly images: ProductImages
  readonly stockLevels: StockLevels
  readonly reservations: Reservations
  /** In the order of the outbox. */
  readonly events: () => Promise<readonly OutboxEvent[]>
  readonly movements: () => Promise<readonly Movement[]>
}

export function newProduct(wanted: Partial<NewProduct> = {}): NewProduct {
  return {
    name: 'Tea light holder',
    category: 'lights',
    price: { minor: 295n, currency: 'USD' },
    sku: '',
    description: 'Holds one tea light',
    images: ['https://example.com/1.jpg'],
    ...wanted,
  }
}

/** A product in the store, with so many units. */
export async function addProduct(
  { products }: Pick<InventoryStores, 'products'>,
  units: number,
  wanted: Partial<NewProduct> = {},
): Promise<Product> {
  const { product } = await products.add(
    createProduct(newProductId(), newProduct(wanted), morning),
    units,
    trace,
  )
  return product
}

export function line(product: { readonly id: ProductId }, quantity: number): StockLine {
  return { productId: product.id, quantity }
}

export function request(lines: readonly StockLine[], orderId = newOrderId(), holdNo = 1): TracedRequest {
  return {
    ...{ orderId, holdNo, lines },
    trace: { correlationId: `story of ${orderId}`, causationId: 'cause', traceparent: '' },
  }
}

export const releases = (orderIds: readonly OrderId[]): readonly Release[] =>
  orderIds.map((orderId) => whole(orderId))

/** A release of all that is held, of an order that has ended. */
export const whole = (orderId: OrderId, changes: Partial<Release> = {}): Release => ({
  ...{ orderId, holdNo: 1, kept: [], short: [], goesOn: false },
  trace: { ...trace, causationId: `canceled ${orderId}` },
  ...changes,
})

export async function available({ products }: InventoryStores, { id }: Product): Promise<number | undefined> {
  return (await products.find([id])).get(id)?.available
}

export async function adjust(
  { stockLevels }: InventoryStores,
  { id }: Product,
  quantity: number,
  idempotencyKey?: string,
  reason = 'counted',
): Promise<Awaited<ReturnType<StockLevels['adjust']>>> {
  const adjustment: Adjustment = { productId: id, quantity, reason, idempotencyKey }
  return stockLevels.adjust(
    adjustment,
    (stock, earlier) => adjustStock(stock, adjustment, earlier),
    noon,
    trace,
  )
}

/** "<subject> <version>" of one aggregate's events. */
export async function history({ events }: InventoryStores, aggregateId: string): Promise<readonly string[]> {
  const own = (await events()).filter((event) => event.aggregateId === aggregateId)
  return own.map((event) => `${event.subject} ${event.aggregateVersion}`)
}

/** "<kind> <quantity>" of one product's or order's movements. */
export async function ledger({ movements }: InventoryStores, id: string): Promise<readonly string[]> {
  const own = (await movements()).filter((movement) => movement.productId === id || movement.orderId === id)
  return own.map((movement) => `${movement.kind} ${movement.quantity}`)
}

/** What the use cases of categories and images need besides the stores. */
export const catalogueDeps = {
  newCategoryId,
  newFamilyId,
  newImageId,
  imagesMaxBytes: 1_000_000,
  wakeRemoval: (): void => undefined,
}
