import type { InventoryService } from '../../gen/inventory/v1/inventory_pb.ts'
import { systemCall } from '../../platform/call.ts'
import { coalesce } from '../../platform/group-commit.ts'
import { partsOf } from '../../platform/message-size.ts'
import type { Handlers } from '../../platform/service.ts'
import type { Catalog } from '../application/ports.ts'
import type { ProductId } from '../domain/cart.ts'
import type { Product } from '../domain/show.ts'

/** Products in a question: their answers, with the address of an image each, fit into one message. */
const maxQuotes = 250

/** Products that are asked for in one turn of the event loop travel in one question, or in a few. */
export function inventoryCatalog(
  inventory: Pick<Handlers<typeof InventoryService>, 'quoteProducts'>,
): Catalog {
  return {
    find: coalesce(async (ids: readonly ProductId[]) => {
      const answers = await Promise.all(
        partsOf(ids, maxQuotes, () => 1).map((productIds) =>
          inventory.quoteProducts({ productIds, withImages: true }, systemCall('')),
        ),
      )
      const products = answers.flatMap(({ quotes }) =>
        quotes.map((quote): Product => {
          const { sku, name, currency, available, unitPriceMinor } = quote
          // An inventory of the version before this one tells none of these.
          const { category = '', image = '', weightGrams = 0 } = quote as Partial<typeof quote>
          const productId = quote.productId as ProductId
          return {
            productId,
            sku,
            name,
            currency,
            available,
            category,
            image,
            weightGrams,
            priceMinor: BigInt(unitPriceMinor),
          }
        }),
      )
      return new Map(products.map((product) => [product.productId, product]))
    }),
  }
}
