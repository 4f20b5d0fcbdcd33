import t from 'tap'
import { lawfulTransitions } from '../audit/domain/judge-orders.ts'
import { lawfulParts } from '../audit/infrastructure/fulfilment-sql.ts'
import { orderTransitions } from '../order/domain/order.ts'
import { returnTransitions } from '../order/domain/goods-back.ts'
import { shipmentTransitions } from '../order/domain/parcel.ts'

t.test('the audit and the order service know the same transitions', (t) => {
  t.strictSame(lawfulTransitions, orderTransitions)
  t.end()
})

t.test('and of shipments and returns', (t) => {
  t.strictSame(lawfulParts, { shipment: shipmentTransitions, return: returnTransitions })
  t.end()
})
