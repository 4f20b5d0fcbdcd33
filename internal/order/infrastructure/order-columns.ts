import { bareColumn, jsonColumn, textColumn, timeColumn } from '../../platform/sql-columns.ts'
import { isoTime } from '../../platform/iso-time.ts'
import type { IdempotencyKey } from '../application/orders.ts'
import type { Order, OrderChange } from '../domain/order.ts'
import { historyJson } from './order-json.ts'

// Makes the parameters of write-orders.ts, in the order in which its statements use them.

export function newOrderColumns(
  orders: readonly { readonly order: Order; readonly key: IdempotencyKey | undefined }[],
): readonly string[] {
  return [
    bareColumn(orders, ({ order }) => order.id),
    bareColumn(orders, ({ order }) => order.userId ?? 'NULL'),
    bareColumn(orders, ({ order }) => order.status),
    bareColumn(orders, ({ order }) => order.totalMinor),
    bareColumn(orders, ({ order }) => order.currency),
    bareColumn(orders, ({ order }) => order.version),
    jsonColumn(orders, ({ order }) => historyJson(order)),
    timeColumn(orders, ({ order }) => order.createdAt),
    timeColumn(orders, ({ order }) => order.updatedAt),
    textColumn(orders, ({ key }) => key?.key ?? null),
    textColumn(orders, ({ key }) => key?.digest ?? null),
    textColumn(orders, ({ order }) => (order.holdUntil ? isoTime(order.holdUntil) : null)),
  ]
}

export function lineColumns(orders: readonly Order[]): readonly string[] {
  const lines = orders.flatMap(({ id, lines: own }) =>
    own.map((line, index) => ({ orderId: id, lineNo: index + 1, line })),
  )
  return [
    bareColumn(lines, ({ orderId }) => orderId),
    bareColumn(lines, ({ lineNo }) => lineNo),
    bareColumn(lines, ({ line }) => line.productId),
    textColumn(lines, ({ line }) => line.sku),
    textColumn(lines, ({ line }) => line.name),
    bareColumn(lines, ({ line }) => line.quantity),
    bareColumn(lines, ({ line }) => line.unitPriceMinor),
  ]
}

/** Each change has exactly one event, so it raises the version by one. The revision is that which it was decided on. */
export function changeColumns(changes: readonly OrderChange[]): readonly string[] {
  return [
    bareColumn(changes, ({ state }) => state.id),
    bareColumn(changes, ({ state, events }) => state.version - events.length),
    bareColumn(changes, ({ state }) => state.revision),
    bareColumn(changes, ({ state }) => state.status),
    bareColumn(changes, ({ state }) => state.version),
    jsonColumn(changes, ({ state }) => historyJson(state)),
    bareColumn(changes, ({ state }) => state.awaitingRelease),
    timeColumn(changes, ({ state }) => state.updatedAt),
    bareColumn(changes, ({ state }) => state.awaitingCart),
  ]
}
