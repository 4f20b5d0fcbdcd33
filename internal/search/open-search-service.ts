import type { SearchService } from '../gen/search/v1/search_pb.ts'
import type { DatabaseOptions } from '../platform/database.ts'
import type { Log } from '../platform/log.ts'
import { reactionRpc } from '../platform/reaction.ts'
import type { Scope } from '../platform/run.ts'
import type { Opened } from '../platform/service-definition.ts'
import { followCategories } from './application/follow-categories.ts'
import { followStock } from './application/follow-stock.ts'
import { indexProducts } from './application/index-products.ts'
import { renewIndex } from './application/renew-index.ts'
import { repairIndex } from './application/repair-index.ts'
import { searchProducts } from './application/search-products.ts'
import { parseSynonyms } from './domain/synonyms.ts'
import { inventoryCatalogue, type InventoryCalls } from './infrastructure/inventory-catalogue.ts'
import { openIndex } from './infrastructure/open-index.ts'
import { reactToProducts } from './infrastructure/react-to-products.ts'
import { runFollower } from './infrastructure/run-follower.ts'
import { runRenewal } from './infrastructure/run-renewal.ts'
import { searchRpc } from './infrastructure/search-rpc.ts'

export type SearchOptions = {
  readonly log: Log
  readonly database: DatabaseOptions
  readonly inventory: InventoryCalls
  readonly synonyms: string
  /** Empty: the index is in the database. */
  readonly searchUrl: string
  readonly searchIndex: string
  readonly checkIntervalMs: number
}

/** Wires the search. Only this function knows which adapter implements which port. */
export async function openSearchService(
  scope: Scope,
  { inventory, synonyms, checkIntervalMs, ...options }: SearchOptions,
): Promise<Required<Pick<Opened<typeof SearchService>, 'handlers' | 'health' | 'reactions'>>> {
  const catalogue = inventoryCatalogue(inventory)
  const opened = await openIndex(scope, { ...options, synonyms: parseSynonyms(synonyms) })
  const { index, findNextIndex, health } = opened
  const following = followCategories({ catalogue, index })
  const indexing = indexProducts({ catalogue, index, followCategories: following })
  const followed = {
    followCategories: following,
    followStock: followStock({ catalogue, index }),
    repairIndex: repairIndex({ catalogue, index, indexProducts: indexing }),
    ...{ checkIntervalMs, log: options.log },
  }
  const stopping = new AbortController()
  const renewing = { ...followed, renewIndex: renewIndex({ catalogue, findNextIndex }) }
  const running = [runFollower(followed, stopping.signal), runRenewal(renewing, stopping.signal)]
  scope.onClose('search follower', async () => {
    stopping.abort()
    await Promise.all(running)
  })
  return {
    handlers: searchRpc({
      searchProducts: searchProducts({ index }),
      indexProducts: indexing,
      indexCategories: following,
    }),
    reactions: reactionRpc({ 'index-products': reactToProducts(indexing) }),
    health,
  }
}
