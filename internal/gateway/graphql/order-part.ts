import type { Call } from '../../platform/call.ts'
import { Shipment, shipmentBody } from '../routes/fulfilment-schemas.ts'
import { ListOrdersQuery, Order } from '../routes/order-schemas.ts'
import { Payment, paymentBody } from '../routes/payment-schemas.ts'
import { pageOf, pageSdl, type RestPage } from './pages.ts'
import type { Link, Part, Query } from './part.ts'
import type { Services } from './services.ts'

export const orderPart = (services: Services, product: Link): Part => ({
  sdl: ({ types, args }) => `
    ${types({ Order, Payment, Shipment })}
    ${pageSdl('Order')}
    extend type Order {
      "Oldest first"
      payments: [Payment!]
      "Oldest first"
      shipments: [Shipment!]
    }
    extend type OrderItem {
      "As the catalogue has it now; null when it has been deleted"
      product: Product
    }
    extend type ShipmentLine {
      "As the catalogue has it now; null when it has been deleted"
      product: Product
    }
    extend type Query {
      "One's own orders, or as an admin everybody's, newest first"
      orders(${args(ListOrdersQuery)}): OrderPage
      "One of one's own orders, or as an admin anybody's; of guests the one of their Order-Token"
      order(id: ID!): Order
    }`,
  queries: { orders, order },
  links: {
    'Order.payments': paymentsLink(services),
    'Order.shipments': shipmentsLink(services),
    'OrderItem.product': product,
    'ShipmentLine.product': product,
  },
})

const orders: Query = {
  asks: ['listOrders'],
  resolve: async (args: Readonly<Record<string, unknown>>, ask) =>
    pageOf((await ask('listOrders', { query: args })) as RestPage<unknown>),
}

const order: Query = {
  asks: ['getOrder'],
  resolve: ({ id }: { readonly id: string }, ask) => ask('getOrder', { params: { id } }),
}

const paymentsLink = ({ orders: service }: Services): Link => ({
  ...{ like: 'listOrderPayments', none: [] },
  keyOf: ({ id }: { readonly id: string }) => id,
  read: byOrder(async (orderIds, call) => {
    const { payments, unreadOrderIds } = await service.listPaymentsOfOrders({ orderIds }, call)
    return { things: payments.map(paymentBody), unread: unreadOrderIds }
  }),
})

const shipmentsLink = ({ orders: service }: Services): Link => ({
  ...{ like: 'trackOrder', none: [] },
  keyOf: ({ id }: { readonly id: string }) => id,
  read: byOrder(async (orderIds, call) => {
    const { shipments, unreadOrderIds } = await service.listShipmentsOfOrders({ orderIds }, call)
    return { things: shipments.map(shipmentBody), unread: unreadOrderIds }
  }),
})

type Thing = { readonly orderId: string }
type Things = { readonly things: readonly Thing[]; readonly unread: readonly string[] }

/** Asks until the things of all orders have come. */
function byOrder(ask: (orderIds: string[], call: Call) => Promise<Things>): Link['read'] {
  return async (keys, call) => {
    const found = new Map<string, Thing[]>()
    for (let ids = [...keys]; ids.length > 0;) {
      const { things, unread } = await ask(ids, call)
      for (const thing of things) found.set(thing.orderId, [...(found.get(thing.orderId) ?? []), thing])
      ids = [...unread]
    }
    return found
  }
}
