import type { Trace } from '../../platform/call.ts'
import type { OutboxEvent } from '../../platform/outbox.ts'
import { Refusal } from '../../platform/refusal.ts'
import type {
  ListedProduct,
  ProductFilter,
  ProductPosition,
  Products,
  ProductSort,
  ProductWrite,
} from '../catalogue/application/products.ts'
import { storeByHalves } from '../catalogue/application/store-by-halves.ts'
import type { ProductId } from '../domain/ids.ts'
import { skuTaken, type Product } from '../catalogue/domain/product.ts'
import { productNotFound } from '../domain/product-not-found.ts'
import { imagePath } from '../../platform/image-files.ts'
import { fitting } from '../../platform/message-size.ts'
import { categoryKey, isWithin } from '../../platform/category-path.ts'
import { isStorable } from '../../platform/text.ts'
import { searchFold, searchTerms, textKey } from '../../platform/search-text.ts'
import { productSize } from '../catalogue/infrastructure/product-rows.ts'
import { encodeProductEvent } from '../catalogue/infrastructure/product-events.ts'
import { placeInMemory } from './fake-categories.ts'
import { requirePlaceInMemory } from './fake-families.ts'
import { moveImages } from './fake-images.ts'
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
  const { keys } = tables
  const store = (into: InventoryTables, write: ProductWrite, trace: Trace): ListedProduct =>
    write.kind === 'add' ? add(into, write, trace) : update(into, write, trace)
  const add = (
    into: InventoryTables,
    { change, openingStock }: Extract<ProductWrite, { kind: 'add' }>,
    trace: Trace,
  ): ListedProduct => {
    refuseTakenSku(change.state)
    requirePlaceInMemory(into, change.state)
    const { state, events } = placeInMemory(into, change, trace)
    const { id: productId } = state
    into.products.set(productId, state)
    into.stock.set(productId, { productId, available: openingStock, adjustments: 0 })
    const movement = { productId, orderId: undefined, kind: 'restock', idempotencyKey: undefined } as const
    if (openingStock > 0) into.movements.push({ ...movement, quantity: openingStock })
    into.append(events.map((event) => encodeProductEvent(event, openingStock, trace)))
    return listed(state)
  }
  const update = (
    into: InventoryTables,
    { id, decide }: Extract<ProductWrite, { kind: 'update' }>,
    trace: Trace,
  ): ListedProduct => {
    const found = find([id]).get(id)
    if (!found) throw productNotFound()
    const decided = decide(found.product)
    refuseTakenSku(decided.state)
    const { categoryId, attributes, membership } = decided.state
    if (membership !== found.product.membership) requirePlaceInMemory(into, decided.state)
    const isPlaced = categoryId !== undefined && attributes === found.product.attributes
    const { state, events } = isPlaced ? decided : placeInMemory(into, decided, trace)
    moveImages(into, found.product, state)
    into.products.set(id, state)
    into.append(events.map((event) => encodeProductEvent(event, found.available, trace)))
    return listed(state)
  }
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
    async add(change, openingStock, trace, once) {
      refuseTakenSku(change.state)
      requirePlaceInMemory(tables, change.state)
      keys.claim(once, change.state.id)
      return store(tables, { kind: 'add', change, openingStock }, trace)
    },
    update: async (id, decide, trace) => store(tables, { kind: 'update', id, decide }, trace),
    async storeEach(writes, trace, isTrial = false) {
      const held: OutboxEvent[] = []
      const staged = { ...tables, append: (events: readonly OutboxEvent[]) => void held.push(...events) }
      const undoAll = remember(tables)
      const stored = await storeByHalves(writes, async (part) => {
        const undo = remember(tables)
        const { length } = held
        try {
          return part.map((write) => store(staged, write, trace))
        } catch (err) {
          undo()
          held.length = length
          throw err
        }
      })
      if (isTrial) undoAll()
      else tables.append(held)
      return stored
    },
    find: async (ids) => find(ids),
    async findBySku(skus) {
      const keys = skus.map(textKey)
      const found = live().filter(({ sku }) => keys.includes(textKey(sku)))
      return new Map(found.map((product) => [textKey(product.sku), listed(product)]))
    },
    quote: async (ids, withImages = false) =>
      new Map(
        [...find(ids)].map(([id, { product, available }]) => {
          const { sku, name, category, price, images, uploaded, weightGrams = 0 } = product
          const [first] = [...uploaded.map((own) => imagePath(own.id, 'card')), ...images]
          const image = withImages ? (first ?? '') : ''
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

/** What a transaction that is rolled back leaves. */
function remember({ products, stock, categories, movements, images }: InventoryTables): () => void {
  const maps = [products, stock, categories, images] as readonly Map<unknown, unknown>[]
  const before = maps.map((map) => new Map(map))
  const { length } = movements
  return () => {
    for (const [index, map] of maps.entries()) {
      map.clear()
      for (const [key, value] of before[index] ?? []) map.set(key, value)
    }
    movements.length = length
  }
}

function matches(filter: ProductFilter): (item: ListedProduct) => boolean {
  const { category, query, minPriceMinor, maxPriceMinor, priceCurrency, inStock } = filter
  for (const text of [category, query]) if (text !== undefined && !isStorable(text)) throw invalidFilter()
  const wanted = searchTerms(query ?? '')
  return ({ product, available }) => {
    const found = searchFold(`${product.name} ${product.sku} ${product.description}`)
    return (
      (category === undefined || isWithin(categoryKey(product.category), categoryKey(category))) &&
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
