import { Type } from 'typebox'
import type { InventoryService } from '../../gen/inventory/v1/inventory_pb.ts'
import { Refusal } from '../../platform/refusal.ts'
import type { Handlers } from '../../platform/service.ts'
import { endpoint, type Endpoint } from '../endpoint.ts'
import { bodyBytes } from '../limits.ts'
import { IdParams, refTo } from '../schemas.ts'
import { AdjustStockBody, StockLevel, StockQueryBody } from './product-schemas.ts'

export type StockDeps = { readonly inventory: Handlers<typeof InventoryService> }

export function stockRoutes({ inventory }: StockDeps): readonly Endpoint[] {
  return [
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

const nothingToBook = (): Refusal =>
  new Refusal('invalid', 'request.invalid', 'body/quantity must not be 0', {
    errors: [{ in: 'body', path: '/quantity', message: 'must not be 0' }],
  })
