import type { JsonObject } from '@bufbuild/protobuf'
import type { BuyerSchema, ListOrdersResponseSchema, OrderSchema } from '../../gen/order/v1/order_pb.ts'
import { fitting } from '../../platform/message-size.ts'
import { onceForEach } from '../../platform/once-for-each.ts'
import type { Wire } from '../../platform/wire.ts'
import type { OrderPage } from '../application/orders.ts'
import { orderSize } from '../domain/order-size.ts'
import type { Order } from '../domain/order.ts'
import type { Address, Buyer } from '../domain/terms.ts'
import { orderJson } from './order-json.ts'

/** Orders and pages that are read again and again are kept (kept-orders.ts), and so is what is made of them. */
const keptAnswer = onceForEach(orderAnswer)
const keptSize = onceForEach(orderSize)

/** As many orders of the page as fit into one message. */
export const pageAnswer = onceForEach(
  ({ orders, next }: OrderPage): Wire<typeof ListOrdersResponseSchema> => {
    const count = fitting(orders, keptSize)
    const nextId = count < orders.length ? orders[count - 1]?.id : next
    return { orders: orders.slice(0, count).map(keptAnswer), nextId }
  },
)

/** The order as those see it who may: with the buyer, and with what the buyer wanted of each line. */
export function orderAnswer(order: Order): Wire<typeof OrderSchema> {
  const json = orderJson(order)
  const { terms, buyer } = order
  if (!terms || !buyer) return json
  const items = json.items.map((item, index) => {
    const attributes = terms.lines[index]?.attributes ?? ''
    return attributes === '' ? item : { ...item, attributes: JSON.parse(attributes) as JsonObject }
  })
  return { ...json, items, buyer: [buyerJson(buyer)] }
}

function buyerJson({ email, delivery, billing }: Buyer): Wire<typeof BuyerSchema> {
  return { email, deliveryAddress: addressJson(delivery), billingAddress: addressJson(billing ?? delivery) }
}

const addressJson = ({ name, line1, line2, city, region, postalCode, country, phone }: Address) => ({
  ...{ name, line1, line2, city, region, postalCode, country, phone },
})
