import type { InventoryService } from '../gen/inventory/v1/inventory_pb.ts'
import type { SearchService } from '../gen/search/v1/search_pb.ts'
import type { Call } from '../platform/call.ts'
import type { Log } from '../platform/log.ts'
import type { Handlers } from '../platform/service.ts'
import { within } from './within.ts'

type Search = Pick<Handlers<typeof SearchService>, 'indexProducts' | 'indexCategories'>

/** Who changes a product waits no longer than this for the index. An event tells it in any case. */
const patienceMs = 1_000

/** Whoever has changed a product or a category finds it at once, because it is indexed before the answer. */
export function indexChanges(
  inventory: Handlers<typeof InventoryService>,
  search: Search,
  log: Log,
): Handlers<typeof InventoryService> {
  const index = (id: string, call: Call): Promise<unknown> =>
    within(patienceMs, search.indexProducts({ productIds: [id] }, call)).catch((err: unknown) => {
      log.warn({ err }, 'a product was changed and could not be indexed; its event will do it')
    })
  const indexTree = <Answer>(answer: Answer, call: Call): Promise<Answer> =>
    within(patienceMs, search.indexCategories({}, call)).then(
      () => answer,
      (err: unknown) => {
        log.warn({ err }, 'a category was changed and could not be indexed; the index looks by itself')
        return answer
      },
    )
  return {
    ...inventory,
    createCategory: async (request, call) => indexTree(await inventory.createCategory(request, call), call),
    updateCategory: async (request, call) => indexTree(await inventory.updateCategory(request, call), call),
    deleteCategory: async (request, call) => indexTree(await inventory.deleteCategory(request, call), call),
    async createProduct(request, call) {
      const answer = await inventory.createProduct(request, call)
      await index(answer.product.id, call)
      return answer
    },
    async updateProduct(request, call) {
      const answer = await inventory.updateProduct(request, call)
      await index(request.id, call)
      return answer
    },
    async deleteProduct(request, call) {
      const answer = await inventory.deleteProduct(request, call)
      await index(request.id, call)
      return answer
    },
  }
}
