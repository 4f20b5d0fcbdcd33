import { requirePermission, requireBuyer, type Call, type Trace } from '../../platform/call.ts'
import type { Done } from '../../platform/do-once.ts'
import type { Order, OrderId } from '../domain/order.ts'
import { owedLines, pricedLines, refuseUnpayable, type LineMoney } from '../domain/payable.ts'
import type { FirstPayment } from '../domain/terms.ts'
import type { Orders } from './orders.ts'
import { allVisible, changeable, orderNotFound, visible } from './read-orders.ts'

export type WantedPayment = {
  readonly method: string
  readonly token: string
  readonly returnUrl: string
  /** Digest of the address that asks. */
  readonly client: string
}

/** Where orders are paid for. The order does not look into a payment; it learns from events what became of it. */
export type Till<Payment> = {
  readonly begin: (
    order: Order,
    lines: readonly LineMoney[],
    wanted: WantedPayment,
    call: Call,
  ) => Promise<Done<Payment>>
  /** The payment that a checkout has named. It has its id, so it begins once. */
  readonly beginFirst: (
    order: Order,
    lines: readonly LineMoney[],
    first: FirstPayment,
    trace: Trace,
  ) => Promise<void>
  readonly list: (orderId: OrderId, call: Call) => Promise<readonly Payment[]>
  readonly listOfAll: (orderIds: readonly OrderId[], call: Call) => Promise<PaymentsOfOrders<Payment>>
  /** What the shop offers. */
  readonly methods: () => Promise<readonly PaymentMethod[]>
  /** Money at a provider that belonged to nobody is a payment of the order from now on. */
  readonly assign: (
    order: Order,
    lines: readonly LineMoney[],
    money: { readonly provider: string; readonly ref: string },
    call: Call,
  ) => Promise<Payment>
}

/** `unread` are orders whose payments did not fit any more. */
export type PaymentsOfOrders<Payment> = {
  readonly payments: readonly Payment[]
  readonly unread: readonly string[]
}

type Deps<Payment> = { readonly orders: Orders; readonly till: Till<Payment> }

export type PaymentMethod = {
  readonly id: string
  readonly isOffline: boolean
  /** How long a bank may take to say the end of a payment; 0: it says it at once. */
  readonly processesForSeconds: number
}

/** Begins a payment of what the order comes to, or gives the open one. */
export function payOrder<Payment>({ orders, till }: Deps<Payment>) {
  return async (id: OrderId, wanted: WantedPayment, call: Call): Promise<Done<Payment>> => {
    requireBuyer(call)
    const order = changeable(await orders.find(id), call)
    return till.begin(order, owedLines(order), wanted, call)
  }
}

/** Staff have found out whose it is. */
export function assignMoney<Payment>({ orders, till }: Deps<Payment>) {
  type Input = { readonly id: OrderId; readonly provider: string; readonly ref: string }
  return async ({ id, ...money }: Input, call: Call): Promise<Payment> => {
    requirePermission(call, 'payments:write')
    const order = await orders.find(id)
    if (!order) throw orderNotFound()
    refuseUnpayable(order)
    return till.assign(order, pricedLines(order), money, call)
  }
}

export function listOrderPayments<Payment>({ orders, till }: Deps<Payment>) {
  return async (id: OrderId, call: Call): Promise<readonly Payment[]> => {
    const order = visible(await orders.find(id), call, 'payments:read')
    return till.list(order.id, call)
  }
}

export function listPaymentsOfOrders<Payment>({ orders, till }: Deps<Payment>) {
  return async (ids: readonly OrderId[], call: Call): Promise<PaymentsOfOrders<Payment>> => {
    requireBuyer(call)
    const found = await Promise.all(ids.map((id) => orders.find(id)))
    const seen = allVisible(found, call, 'payments:read').map(({ id }) => id)
    return seen.length === 0 ? { payments: [], unread: [] } : till.listOfAll(seen, call)
  }
}
