import { Readable } from 'node:stream'
import type { InventoryService } from '../../gen/inventory/v1/inventory_pb.ts'
import type { Call } from '../../platform/call.ts'
import type { Handlers } from '../../platform/service.ts'
import { pageLength } from '../limits.ts'
import { columnsWith, headLine, lineOf } from './columns.ts'

type Inventory = Pick<Handlers<typeof InventoryService>, 'listProducts' | 'listProductColumns'>

/** All products as CSV, the newest first, read page by page as they are sent. What is added meanwhile is left out. */
export function exportCatalogue(inventory: Inventory, call: Call): Readable {
  return Readable.from(lines(inventory, call), { objectMode: false })
}

async function* lines(inventory: Inventory, call: Call): AsyncGenerator<string> {
  const columns = columnsWith(await inventory.listProductColumns({}, call))
  let text = headLine(columns)
  let position: { readonly afterKey?: string; readonly afterId?: string } | undefined = {}
  while (position) {
    const request = { ...noFilter, ...position, sort: 'newest', limit: pageLength.max }
    const { products, nextKey, nextId }: Awaited<ReturnType<Inventory['listProducts']>> =
      await inventory.listProducts(request, call)
    for (const product of products) text += lineOf(product, columns)
    if (text !== '') yield text
    text = ''
    position = nextId === undefined ? undefined : { afterKey: nextKey ?? '', afterId: nextId }
  }
}

const noFilter = {
  ...{ category: undefined, query: undefined, inStock: undefined },
  ...{ minPriceMinor: undefined, maxPriceMinor: undefined, priceCurrency: undefined },
}
