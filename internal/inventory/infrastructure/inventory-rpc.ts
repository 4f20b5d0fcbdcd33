import type {
  InventoryService,
  QuoteSchema,
  StockDecisionSchema,
} from '../../gen/inventory/v1/inventory_pb.ts'
import { fitting } from '../../platform/message-size.ts'
import { parsePageLimit } from '../../platform/page-limit.ts'
import { Refusal } from '../../platform/refusal.ts'
import type { Handlers } from '../../platform/service.ts'
import type { Wire } from '../../platform/wire.ts'
import type { InventoryApp } from '../application/inventory-app.ts'
import type { Quote } from '../catalogue/application/products.ts'
import type { StockDecision } from '../stock/domain/allocate.ts'
import { parseFamilyId, parseProductId } from '../domain/ids.ts'
import { categoryRpc } from './category-rpc.ts'
import { familyRpc } from './family-rpc.ts'
import { imageRpc } from './image-rpc.ts'
import { importRpc } from './import-rpc.ts'
import {
  parseAdjustRequest,
  parseFilter,
  parseMinor,
  parsePatch,
  parsePosition,
  parseRelease,
  parseReplacement,
  parseReturnedGoods,
  parseStockRequest,
} from './parse-requests.ts'
import { productJson } from '../catalogue/infrastructure/product-json.ts'
import { productSize } from '../catalogue/infrastructure/product-rows.ts'

/** As many products as an order can have. */
const maxLookup = 1_000

type InventoryHandlers = Handlers<typeof InventoryService>

export function inventoryRpc(app: InventoryApp): InventoryHandlers {
  return {
    ...catalogueRpc(app),
    ...categoryRpc(app),
    ...copiesRpc(app),
    ...imageRpc(app),
    ...familyRpc(app),
    ...importRpc(app),
    ...stockRpc(app),
  }
}

function catalogueRpc(app: InventoryApp) {
  return {
    async createProduct({ priceMinor, familyId, ...input }, call) {
      const family = familyId === undefined ? undefined : parseFamilyId(familyId)
      const wanted = { ...input, familyId: family, priceMinor: parseMinor(priceMinor) }
      const { result, isReplay } = await app.createProduct(wanted, call)
      return { product: productJson(result), replayed: isReplay }
    },
    updateProduct: async (request, call) => {
      const { expectedVersion } = request
      const input = { id: parseProductId(request.id), patch: parsePatch(request), expectedVersion }
      return { product: productJson(await app.updateProduct(input, call)) }
    },
    deleteProduct: async ({ id, expectedVersion }, call) => {
      await app.deleteProduct({ id: parseProductId(id), expectedVersion }, call)
      return {}
    },
    getProduct: async ({ id }) => ({ product: productJson(await app.getProduct(parseProductId(id))) }),
    listProducts: async (request) => {
      const { sort, limit } = request
      const filter = parseFilter(request)
      const page = await app.listProducts({ filter, sort, limit, after: parsePosition(request) })
      const products = page.products.map(productJson)
      return page.next ? { products, nextKey: page.next.key, nextId: page.next.id } : { products }
    },
    quoteProducts: async ({ productIds, withImages }) => ({
      quotes: (await app.quoteProducts(productIds.map(parseProductId), withImages)).map(quoteJson),
    }),
  } satisfies Partial<InventoryHandlers>
}

function copiesRpc({ readProducts, copies }: InventoryApp) {
  return {
    async readProducts({ ids }) {
      const products = await readProducts(ids.map(parseProductId))
      const count = fitting(products, ({ product }) => productSize(product))
      return {
        products: products.slice(0, count).map(productJson),
        unreadIds: products.slice(count).map(({ product }) => product.id),
      }
    },
    digestProducts: async () => ({
      buckets: (await copies.digest()).map(({ bucket, count, sum }) => ({ bucket, count, sum: String(sum) })),
    }),
    listProductVersions: async ({ buckets }) => ({ products: await copies.versionsIn(buckets) }),
    markSoldOut: async () => ({ mark: await copies.soldOutMark() }),
    listSoldOut: async ({ afterId }) =>
      copies.soldOut(afterId === undefined ? undefined : parseProductId(afterId)),
  } satisfies Partial<InventoryHandlers>
}

function stockRpc(app: InventoryApp) {
  return {
    getStock: async ({ productIds }) => {
      if (productIds.length > maxLookup)
        throw new Refusal(
          'invalid',
          'stock.too-many-products',
          `ask for at most ${maxLookup} products at once`,
        )
      const quotes = await app.quoteProducts(productIds.map(parseProductId))
      return { levels: quotes.map(({ productId, available }) => ({ productId, available })) }
    },
    adjustStock: async (request, call) => {
      const { available, isReplay } = await app.adjustStock(parseAdjustRequest(request, call), call)
      return { level: { productId: request.productId, available }, replayed: isReplay }
    },
    async listLowStock({ atMost, limit, afterId, afterAvailable = 0 }) {
      const after =
        afterId === undefined ? undefined : { productId: parseProductId(afterId), available: afterAvailable }
      const { levels, hasMore } = await app.lowStock({ atMost, limit: parsePageLimit(limit), after })
      return { levels: [...levels], hasMore }
    },
    async reserveStock({ orders }, call) {
      const decisions = await app.reserveStock(orders.map(parseStockRequest), call)
      return { decisions: decisions.map(decisionJson) }
    },
    async releaseStock({ releases }, call) {
      await app.releaseStock(releases.map(parseRelease), call)
      return {}
    },
    async bookReturns({ returns }, call) {
      await app.bookReturns(returns.map(parseReturnedGoods), call)
      return {}
    },
    async replaceGoods(request, call) {
      const decision = await app.replaceGoods(parseReplacement(request), call)
      return {
        outcome: decision.outcome,
        shortages: decision.outcome === 'rejected' ? decision.shortages : [],
      }
    },
  } satisfies Partial<InventoryHandlers>
}

// The fields are copied one by one, because this runs for each line of each order and V8 is much slower with a rest.
function quoteJson(quote: Quote): Wire<typeof QuoteSchema> {
  const { productId, sku, name, category, price, weightGrams, available, image } = quote
  const unitPriceMinor = price.minor.toString()
  const { currency } = price
  return { productId, sku, name, category, unitPriceMinor, currency, weightGrams, available, image }
}

function decisionJson(decision: StockDecision): Wire<typeof StockDecisionSchema> {
  const { orderId, outcome } = decision
  return { orderId, outcome, shortages: outcome === 'rejected' ? decision.shortages : [] }
}
