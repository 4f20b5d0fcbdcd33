import type { InventoryService } from '../../gen/inventory/v1/inventory_pb.ts'
import { systemCall } from '../../platform/call.ts'
import { failpoint } from '../../platform/failpoint.ts'
import { coalesce } from '../../platform/group-commit.ts'
import { partsOf } from '../../platform/message-size.ts'
import type { Handlers } from '../../platform/service.ts'
import type { Catalog } from '../application/catalog.ts'
import type { ReplacementDecision, Stock } from '../application/stock.ts'
import type { ProductId } from '../domain/order.ts'
import type { StockDecision } from '../domain/settle.ts'

type Inventory = Handlers<typeof InventoryService>

/** Products in a question: their answers fit into one message, whatever they are called. */
const maxQuotes = 500
/** Lines in a command: they, or the shortages of each of them, fit into one message. */
const maxLines = 8_000

/** Quotes that are requested in one event-loop turn are sent as one request, or as a few. */
export function inventoryCatalog(inventory: Inventory): Catalog {
  return {
    quote: coalesce(async (ids: readonly ProductId[]) => {
      const answers = await Promise.all(
        partsOf(ids, maxQuotes, () => 1).map((productIds) =>
          inventory.quoteProducts({ productIds }, systemCall('')),
        ),
      )
      return new Map(
        answers
          .flatMap(({ quotes }) => quotes)
          .map((quote) => {
            const productId = quote.productId as ProductId
            return [productId, { ...quote, productId, unitPriceMinor: BigInt(quote.unitPriceMinor) }]
          }),
      )
    }),
  }
}

export function inventoryStock(inventory: Inventory): Stock {
  return {
    async reserve(orders) {
      const wanted = orders.map(({ orderId, lines, holdNo, trace }) => ({
        orderId,
        ...(holdNo === undefined ? {} : { holdNo }),
        lines: byProduct(lines),
        cause: trace,
      }))
      const made: StockDecision[] = []
      for (const part of partsOf(wanted, maxLines, ({ lines }) => lines.length)) {
        const { decisions } = await inventory.reserveStock({ orders: part }, systemCall(''))
        made.push(...(decisions as readonly StockDecision[])) // the inventory's contract names these outcomes
      }
      failpoint('reserve-settle')
      return made
    },
    async release(sizes) {
      const releases = sizes.map(({ trace, ...size }) => ({ ...size, cause: trace }))
      const linesOf = (each: (typeof releases)[number]): number => 1 + each.kept.length + each.short.length
      for (const part of partsOf(releases, maxLines, linesOf))
        await inventory.releaseStock({ releases: part }, systemCall(''))
      failpoint('release-mark')
    },
    async bookReturns(returns) {
      const goods = returns.map(({ orderId, returnNo, lines, trace }) => {
        return { orderId, returnNo, lines: backByProduct(lines), cause: trace }
      })
      for (const part of partsOf(goods, maxLines, ({ lines }) => lines.length))
        await inventory.bookReturns({ returns: part }, systemCall(''))
      failpoint('release-mark')
    },
    async replace({ lines, trace, ...parcel }) {
      const asked = { ...parcel, lines: byProduct(lines), cause: trace }
      const decision = await inventory.replaceGoods(asked, systemCall(''))
      failpoint('release-mark')
      return decision as ReplacementDecision // the inventory's contract names these outcomes
    },
  }
}

type Units = { readonly productId: ProductId; readonly quantity: number }

type Back = { readonly productId: ProductId; readonly resellable: number; readonly damaged: number }

function backByProduct(lines: readonly Back[]): readonly Back[] {
  const products = new Map<ProductId, Back>()
  for (const line of lines) {
    const { resellable = 0, damaged = 0 } = products.get(line.productId) ?? {}
    products.set(line.productId, {
      productId: line.productId,
      ...{ resellable: resellable + line.resellable, damaged: damaged + line.damaged },
    })
  }
  return [...products.values()]
}

/** The same product may stand in several lines of a cart. Nothing else of a line is sent: prices are no JSON. */
function byProduct(lines: readonly Units[]): readonly Units[] {
  const units = new Map<ProductId, number>()
  for (const { productId, quantity } of lines) units.set(productId, (units.get(productId) ?? 0) + quantity)
  return [...units].map(([productId, quantity]) => ({ productId, quantity }))
}
