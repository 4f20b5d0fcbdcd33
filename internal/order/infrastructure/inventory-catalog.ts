import type { InventoryService } from '../../gen/inventory/v1/inventory_pb.ts'
import { systemCall } from '../../platform/call.ts'
import { coalesce } from '../../platform/group-commit.ts'
import type { Handlers } from '../../platform/service.ts'
import type { Catalog } from '../application/catalog.ts'
import type { ProductId } from '../domain/order.ts'

/** The questions of one event-loop turn travel as one. */
export function inventoryCatalog(inventory: Handlers<typeof InventoryService>): Catalog {
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
