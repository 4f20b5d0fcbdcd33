import { file_inventory_v1_events } from '../gen/inventory/v1/events_pb.ts'
import { InventoryService } from '../gen/inventory/v1/inventory_pb.ts'
import { SearchService } from '../gen/search/v1/search_pb.ts'
import { UserService } from '../gen/user/v1/user_pb.ts'
import { callerMethods } from '../platform/callers/caller-methods.ts'
import { grpcSettings } from '../platform/grpc-settings.ts'
import { reactionToAll } from '../platform/reaction.ts'
import { searchIndexSettings } from '../platform/search-settings.ts'
import { defineService } from '../platform/service-definition.ts'
import { integer, text } from '../platform/settings.ts'

const grpc = { variable: 'SEARCH_GRPC_ADDR', usualPort: 50_055 }

export const searchService = defineService({
  name: 'search',
  about:
    'The index in which products are found by what people type: a copy of the catalogue that can be made anew.',
  schema: 'search',
  contract: SearchService,
  needs: {
    user: { contract: UserService, methods: callerMethods },
    inventory: {
      contract: InventoryService,
      methods: [
        ...(['readProducts', 'digestProducts', 'listProductVersions', 'markSoldOut', 'listSoldOut'] as const),
        ...(['markCategories', 'listCategories'] as const),
      ],
    },
  },
  grpc,
  settings: {
    ...grpcSettings(grpc),
    ...searchIndexSettings,
    synonyms: text(
      'SEARCH_SYNONYMS',
      '',
      'Words that find the same products. `=` stands between words and `;` between groups: `mug=cup; sofa=couch=settee`.',
    ),
    checkIntervalMs: integer(
      'SEARCH_CHECK_INTERVAL_MS',
      10_000,
      { min: 100, max: 3_600_000 },
      'How often the search index is compared with the catalogue, in milliseconds. What events have not told is indexed then.',
    ),
  },
  aggregates: [],
  reactions: [reactionToAll('index-products', file_inventory_v1_events, 'product')],
  async open(scope, { log, database, needs, settings }) {
    const { openSearchService } = await import('./open-search-service.ts')
    return openSearchService(scope, { log, database, ...needs, ...settings })
  },
})
