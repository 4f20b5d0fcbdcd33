import type { JsonObject } from '@bufbuild/protobuf'
import type { BuyerSchema, OrderSchema } from '../../gen/order/v1/order_pb.ts'
import type { Wire } from '../../platform/wire.ts'
import { orderSize } from '../domain/order-size.ts'
import type { Order } from '../domain/order.ts'
import type { Address, Buyer } from '../domain/terms.ts'
import { orderJson } from './order-json.ts'

/** The answers of orders that are kept, for their pages are read again and again. */
const answers = new WeakMap<Order, Wire<typeof OrderSchema>>()

/** The answer of an order that may be shown again. */
export function keptAnswer(order: Order): Wire<typeof OrderSchema> {
  const answer = answers.get(order) ?? orderAnswer(order)
  answers.set(order, answer)
  return answer
}

const sizes = new WeakMap<Order, number>()

/** The size of an order whose page may be read again. */
export function keptSize(order: Order): number {
  const size = sizes.get(order) ?? orderSize(order)
  sizes.set(order, size)
  return size
}

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
