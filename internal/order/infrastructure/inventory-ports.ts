import type { InventoryService } from '../../gen/inventory/v1/inventory_pb.ts'
import { systemCall } from '../../platform/call.ts'
import { failpoint } from '../../platform/failpoint.ts'
import { coalesce } from '../../platform/group-commit.ts'
import type { Handlers } from '../../platform/service.ts'
import type { Catalog } from '../application/catalog.ts'
import type { Stock } from '../application/stock.ts'
import type { ProductId } from '../domain/order.ts'
import type { StockDecision } from '../domain/settle.ts'

type Inventory = Handlers<typeof InventoryService>

/** Quotes that are requested in one event-loop turn are sent as one request. */
export function inventoryCatalog(inventory: Inventory): Catalog {
  return {
    quote: coalesce(async (ids: readonly ProductId[]) => {
      const { quotes } = await inventory.quoteProducts({ productIds: ids }, systemCall(''))
      return new Map(
        quotes.map((quote) => {
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
      const wanted = orders.map(({ orderId, lines, trace }) => ({
        orderId,
        lines: lines.map(({ productId, quantity }) => ({ productId, quantity })), // and no prices
        cause: trace,
      }))
      const { decisions } = await inventory.reserveStock({ orders: wanted }, systemCall(''))
      failpoint('reserve-settle')
      return decisions as readonly StockDecision[] // the inventory's contract names these outcomes
    },
    async release(orders) {
      const releases = orders.map(({ orderId, trace }) => ({ orderId, cause: trace }))
      await inventory.releaseStock({ releases }, systemCall(''))
    },
  }
}
