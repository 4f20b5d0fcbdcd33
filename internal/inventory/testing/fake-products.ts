import { keysInMemory } from '../../platform/idempotency-keys.ts'
import { Refusal } from '../../platform/refusal.ts'
import type {
  ListedProduct,
  ProductFilter,
  ProductPosition,
  Products,
  ProductSort,
} from '../catalogue/application/products.ts'
import type { ProductId } from '../domain/ids.ts'
import { skuTaken, type Product } from '../catalogue/domain/product.ts'
import { productNotFound } from '../domain/product-not-found.ts'
import { fitting } from '../../platform/message-size.ts'
import { isStorable } from '../../platform/text.ts'
import { productSize } from '../catalogue/infrastructure/product-rows.ts'
import { encodeProductEvent } from '../catalogue/infrastructure/product-events.ts'
import { searchFold, searchTerms, textKey } from './found-text.ts'
import type { InventoryTables } from './inventory-tables.ts'

export function fakeProducts(tables: InventoryTables): Products {
  const live = (): readonly Product[] => [...tables.products.values()].filter((product) => !product.deletedAt)
  const listed = (product: Product): ListedProduct => ({
    product,
    available: tables.stock.get(product.id)?.available ?? 0,
  })
  const find = (ids: readonly ProductId[]): ReadonlyMap<ProductId, ListedProduct> =>
    new Map(
      live()
        .filter((product) => ids.includes(product.id))
        .map((product) => [product.id, listed(product)]),
    )
  const keys = keysInMemory()
  const refuseTakenSku = ({ id, sku, deletedAt }: Product): void => {
    if (!deletedAt && live().some((other) => textKey(other.sku) === textKey(sku) && other.id !== id))
      throw skuTaken()
  }
  return {
    async findByRequest(once) {
      const id = keys.find(once) as ProductId | undefined
      if (id === undefined) return undefined
      const found = find([id]).get(id)
      if (!found) throw productNotFound()
      return found
    },
    async add({ state, events }, openingStock, trace, once) {
      refuseTakenSku(state)
      keys.claim(once, state.id)
      const { id: productId } = state
      tables.products.set(productId, state)
      tables.stock.set(productId, { productId, available: openingStock, adjustments: 0 })
      const movement = { productId, orderId: undefined, kind: 'restock', idempotencyKey: undefined } as const
      if (openingStock > 0) tables.movements.push({ ...movement, quantity: openingStock })
      tables.append(events.map((event) => encodeProductEvent(event, openingStock, trace)))
      return listed(state)
    },
    async update(id, decide, trace) {
      const found = find([id]).get(id)
      if (!found) throw productNotFound()
      const { state, events } = decide(found.product)
      refuseTakenSku(state)
      tables.products.set(id, state)
      tables.append(events.map((event) => encodeProductEvent(event, found.available, trace)))
      return listed(state)
    },
    find: async (ids) => find(ids),
    quote: async (ids, withImages = false) =>
      new Map(
        [...find(ids)].map(([id, { product, available }]) => {
          const { sku, name, category, price, images, weightGrams = 0 } = product
          const image = withImages ? (images[0] ?? '') : ''
          return [id, { productId: id, sku, name, category, price, weightGrams, available, image }]
        }),
      ),
    async list(filter, sort, limit, after) {
      refuseBadCursor(sort, after)
      const matching = live().map(listed).filter(matches(filter)).sort(compare(sort))
      const rest = after ? matching.filter((item) => isAfter(item, sort, after)) : matching
      const count = Math.min(
        limit,
        fitting(rest, ({ product }) => productSize(product)),
      )
      const last = rest.length > count ? rest[count - 1] : undefined
      return {
        products: rest.slice(0, count),
        next: last && { key: keyOf(last, sort), id: last.product.id },
      }
    },
  }
}

function matches(filter: ProductFilter): (item: ListedProduct) => boolean {
  const { category, query, minPriceMinor, maxPriceMinor, priceCurrency, inStock } = filter
  for (const text of [category, query]) if (text !== undefined && !isStorable(text)) throw invalidFilter()
  const wanted = searchTerms(query ?? '')
  return ({ product, available }) => {
    const found = searchFold(`${product.name} ${product.sku} ${product.description}`)
    return (
      (category === undefined || textKey(product.category) === textKey(category)) &&
      wanted.every((word) => found.includes(word)) &&
      (minPriceMinor === undefined || product.price.minor >= minPriceMinor) &&
      (maxPriceMinor === undefined || product.price.minor <= maxPriceMinor) &&
      (priceCurrency === undefined || product.price.currency === priceCurrency) &&
      (inStock === undefined || available > 0 === inStock)
    )
  }
}

const invalidFilter = (): Refusal => new Refusal('invalid', 'products.invalid-filter', 'must be text')

function keyOf({ product }: ListedProduct, sort: ProductSort): string {
  if (sort === 'newest') return product.id
  return sort === 'name' ? asciiLower(product.name) : String(product.price.minor)
}

function compare(sort: ProductSort): (a: ListedProduct, b: ListedProduct) => number {
  const sign = sort === 'newest' || sort === '-price' ? -1 : 1
  return (a, b) =>
    sign * (compareKeys(keyOf(a, sort), keyOf(b, sort), sort) || compareBytes(a.product.id, b.product.id))
}

function isAfter(item: ListedProduct, sort: ProductSort, after: ProductPosition): boolean {
  const sign = sort === 'newest' || sort === '-price' ? -1 : 1
  // The id alone decides among the newest.
  const byKey = sort === 'newest' ? 0 : compareKeys(keyOf(item, sort), after.key, sort)
  return sign * (byKey || compareBytes(item.product.id, after.id)) > 0
}

function refuseBadCursor(sort: ProductSort, after: ProductPosition | undefined): void {
  if (!after || sort === 'newest' || sort === 'name' || /^\d{1,18}$/.test(after.key)) return
  throw new Refusal('invalid', 'products.invalid-cursor', 'the cursor is not one of ours')
}

function compareKeys(a: string, b: string, sort: ProductSort): number {
  return sort === 'price' || sort === '-price' ? Number(a) - Number(b) : compareBytes(a, b)
}

/** Collation "C". */
const compareBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b))
const asciiLower = (text: string): string => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
