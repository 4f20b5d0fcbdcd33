import type { JsonObject } from '@bufbuild/protobuf'
import type { BuyerSchema, OrderSchema } from '../../gen/order/v1/order_pb.ts'
import { onceForEach } from '../../platform/once-for-each.ts'
import type { Wire } from '../../platform/wire.ts'
import { orderSize } from '../domain/order-size.ts'
import type { Order } from '../domain/order.ts'
import type { Address, Buyer } from '../domain/terms.ts'
import { orderJson } from './order-json.ts'

/** Orders whose pages are read again and again are kept (kept-orders.ts), and so is what is made of them. */
export const keptAnswer = onceForEach(orderAnswer)
export const keptSize = onceForEach(orderSize)

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
