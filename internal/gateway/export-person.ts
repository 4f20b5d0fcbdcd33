import type { CartService } from '../gen/cart/v1/cart_pb.ts'
import type { NotificationService } from '../gen/notification/v1/notification_pb.ts'
import type { OrderService } from '../gen/order/v1/order_pb.ts'
import type { UserSchema, UserService } from '../gen/user/v1/user_pb.ts'
import type { Call } from '../platform/call.ts'
import type { Handlers } from '../platform/service.ts'
import type { Wire } from '../platform/wire.ts'
import { savedAddressBody } from './routes/address-schemas.ts'
import { returnBody, shipmentBody } from './routes/fulfilment-schemas.ts'
import { feedEntryBody, preferencesBody } from './routes/notification-schemas.ts'
import { orderBody } from './routes/order-schemas.ts'
import { paymentBody } from './routes/payment-schemas.ts'
import { receiptBody } from './routes/receipt-schemas.ts'
import { sessionBody } from './routes/session-schemas.ts'
import { staffUserBody } from './routes/user-schemas.ts'

export type ExportDeps = {
  readonly users: Pick<
    Handlers<typeof UserService>,
    'getUser' | 'listSessions' | 'listIdentities' | 'listAddresses'
  >
  readonly carts: Pick<Handlers<typeof CartService>, 'exportCarts'>
  readonly orders: Pick<
    Handlers<typeof OrderService>,
    'listOrders' | 'getOrder' | 'listOrderPayments' | 'listOrderReceipts' | 'listReturns' | 'trackOrder'
  >
  readonly notifications: Pick<Handlers<typeof NotificationService>, 'listFeed' | 'getPreferences'>
}

/** Small, because each order is asked for in five questions more. */
const ordersAtOnce = 20
const entriesAtOnce = 100

/**
 * The text of the export, piece by piece: what is asked for next is asked for when the reader has taken what came before, so
 * that nobody's thousands of orders lie in memory.
 */
export async function* exportOf(
  deps: ExportDeps,
  user: Wire<typeof UserSchema>,
  call: Call,
): AsyncGenerator<string> {
  const { sessions } = await deps.users.listSessions({}, call)
  const { identities } = await deps.users.listIdentities({}, call)
  const { addresses } = await deps.users.listAddresses({}, call)
  const { preferences } = await deps.notifications.getPreferences({}, call)
  yield `{"exportedAt":${JSON.stringify(new Date())},"account":${JSON.stringify(staffUserBody(user))}`
  yield `,"sessions":${JSON.stringify(sessions.map((each) => sessionBody(each, undefined)))}`
  yield `,"identities":${JSON.stringify(identities)}`
  yield `,"addresses":${JSON.stringify(addresses.map(savedAddressBody))}`
  yield `,"notificationPreferences":${JSON.stringify(preferencesBody(preferences))}`
  yield* list('notifications', feedOf(deps, call))
  yield* list('carts', cartsOf(deps, call))
  yield* list('orders', ordersOf(deps, user.id, call))
  yield '}\n'
}

async function* list(name: string, items: AsyncIterable<string>): AsyncGenerator<string> {
  yield `,${JSON.stringify(name)}:[`
  let separator = ''
  for await (const item of items) {
    yield separator + item
    separator = ','
  }
  yield ']'
}

async function* feedOf({ notifications }: ExportDeps, call: Call): AsyncGenerator<string> {
  let afterId: string | undefined
  do {
    const page = await notifications.listFeed({ unread: false, limit: entriesAtOnce, afterId }, call)
    for (const entry of page.entries) yield JSON.stringify(feedEntryBody(entry))
    afterId = page.nextId
  } while (afterId !== undefined)
}

async function* cartsOf({ carts }: ExportDeps, call: Call): AsyncGenerator<string> {
  let afterId: string | undefined
  do {
    const page = await carts.exportCarts({ afterId }, call)
    yield* page.carts
    afterId = page.nextId
  } while (afterId !== undefined)
}

async function* ordersOf(deps: ExportDeps, userId: string, call: Call): AsyncGenerator<string> {
  let afterId: string | undefined
  do {
    const filter = { userId, limit: ordersAtOnce, afterId }
    const page: Awaited<ReturnType<ExportDeps['orders']['listOrders']>> = await deps.orders.listOrders(
      filter,
      call,
    )
    for (const { id } of page.orders) yield JSON.stringify(await wholeOrder(deps, id, call))
    afterId = page.nextId
  } while (afterId !== undefined)
}

async function wholeOrder({ orders }: ExportDeps, id: string, call: Call) {
  const [{ order }, { payments }, { receipts }, { returns }, { shipments }] = await Promise.all([
    orders.getOrder({ id }, call),
    orders.listOrderPayments({ id }, call),
    orders.listOrderReceipts({ id }, call),
    orders.listReturns({ orderId: id }, call),
    orders.trackOrder({ orderId: id }, call),
  ])
  return {
    ...orderBody(order),
    ...{ payments: payments.map(paymentBody), receipts: receipts.map(receiptBody) },
    ...{ returns: returns.map(returnBody), shipments: shipments.map(shipmentBody) },
  }
}
