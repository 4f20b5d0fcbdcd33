import type { InventoryService } from '../../gen/inventory/v1/inventory_pb.ts'
import { systemCall } from '../../platform/call.ts'
import type { Handlers } from '../../platform/service.ts'
import { someAtOnce } from '../../platform/some-at-once.ts'
import type { Catalogue, Described } from '../application/ports.ts'
import type { ProductId } from '../domain/fact.ts'

export type InventoryCalls = Pick<Handlers<typeof InventoryService>, 'readProducts'>

/** The inventory answers so many at once. */
const idsOfQuestion = 100
const questionsAtOnce = 4

/** What products are called, as the inventory knows it now. */
export function inventoryProducts(inventory: InventoryCalls): Catalogue {
  return {
    async describe(ids) {
      const found = new Map<ProductId, Described>()
      const questions = Array.from({ length: Math.ceil(ids.length / idsOfQuestion) }, (_, index) =>
        ids.slice(index * idsOfQuestion, (index + 1) * idsOfQuestion),
      )
      await someAtOnce(questions, questionsAtOnce, async (asked) => {
        for (let rest: readonly string[] = asked; rest.length > 0;) {
          const { products, unreadIds } = await inventory.readProducts({ ids: [...rest] }, systemCall(''))
          for (const { id, name, category } of products) found.set(id as ProductId, { name, category })
          rest = unreadIds
        }
      })
      return found
    },
  }
}
