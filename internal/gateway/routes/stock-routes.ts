import { Type } from 'typebox'
import type { InventoryService } from '../../gen/inventory/v1/inventory_pb.ts'
import { Refusal } from '../../platform/refusal.ts'
import type { Handlers } from '../../platform/service.ts'
import { endpoint, type Endpoint } from '../endpoint.ts'
import type { Cursors } from '../cursor.ts'
import { bodyBytes, pageLength } from '../limits.ts'
import { IdParams, pageOf, pageQuery, refTo } from '../schemas.ts'
import { AdjustStockBody, Product, StockLevel, StockQueryBody } from './product-schemas.ts'
import { productsAt } from './product-search.ts'

export type StockDeps = { readonly inventory: Handlers<typeof InventoryService>; readonly cursors: Cursors }

export function stockRoutes(deps: StockDeps): readonly Endpoint[] {
  const { inventory } = deps
  return [
    lowStockRoute(deps),
    endpoint({
      method: 'POST',
      path: '/products/stock',
      access: 'anyone',
      tag: 'stock',
      id: 'getStock',
      summary: 'Show how much of many products can be ordered now; unknown ones are left out',
      bodyBytes: bodyBytes.ids,
      body: StockQueryBody,
      status: 200,
      response: Type.Array(refTo(StockLevel)),
      async handle({ body }, call) {
        const { levels } = await inventory.getStock({ productIds: body.ids }, call)
        return { body: levels.map(({ productId, available }) => ({ id: productId, stock: available })) }
      },
    }),
    endpoint({
      method: 'POST',
      path: '/products/:id/stock',
      access: 'staff',
      permission: 'stock:write',
      tag: 'stock',
      id: 'adjustStock',
      summary: 'Adjust the stock after a delivery, a return, a loss or a count',
      params: IdParams,
      takesIdempotencyKey: true,
      body: AdjustStockBody,
      status: 200,
      response: refTo(StockLevel),
      async handle({ params, body, idempotencyKey }, call) {
        if (body.quantity === 0) throw nothingToBook()
        const request = { productId: params.id, ...body, idempotencyKey }
        const { level, replayed } = await inventory.adjustStock(request, call)
        return {
          body: { id: level.productId, stock: level.available },
          isReplay: replayed,
        }
      },
    }),
  ]
}

function lowStockRoute({ inventory, cursors }: StockDeps): Endpoint {
  return endpoint({
    method: 'GET',
    path: '/admin/products/low-stock',
    access: 'staff',
    permission: 'stock:read',
    tag: 'stock',
    id: 'listLowStock',
    summary: 'List products of which little is left, the fewest units first',
    query: LowStockQuery,
    status: 200,
    response: pageOf(Product),
    async handle({ query: { atMost = usuallyLow, limit = pageLength.default, cursor } }, call) {
      const list = ['low-stock', atMost]
      const [available, afterId] = cursors.read(list, cursor) ?? []
      const afterAvailable = available === undefined ? undefined : Number(available)
      const request = { atMost, limit, afterId, afterAvailable }
      const { levels, hasMore } = await inventory.listLowStock(request, call)
      const ids = levels.map((level) => level.productId)
      const last = hasMore ? levels.at(-1) : undefined
      const next = last && [String(last.available), last.productId]
      return {
        body: { data: await productsAt(inventory, ids, call), nextCursor: cursors.write(list, next) },
      }
    },
  })
}

/** So much is low where nobody says how much. */
const usuallyLow = 5

const LowStockQuery = Type.Object(
  {
    atMost: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 2_147_483_647,
        description: `So many units or fewer: ${usuallyLow}`,
      }),
    ),
    ...pageQuery,
  },
  { additionalProperties: false },
)

const nothingToBook = (): Refusal =>
  new Refusal('invalid', 'request.invalid', 'body/quantity must not be 0', {
    errors: [{ in: 'body', path: '/quantity', message: 'must not be 0' }],
  })
