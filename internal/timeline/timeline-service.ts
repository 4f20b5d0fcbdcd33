import { orderTimeline, type OrderTimeline } from './application/order-timeline.ts'
import { withDatabases } from './infrastructure/databases.ts'
import { readInbox, readMoney } from './infrastructure/read-money.ts'
import { readOrder } from './infrastructure/read-order.ts'
import { readStock } from './infrastructure/read-stock.ts'
import { readActs, readDeadLetters, readEvents, readMessages } from './infrastructure/read-told.ts'

/** The timeline of an order, wired. Like the audit it reads the schemas of all services and changes nothing. */
export const readOrderTimeline =
  (urls: Readonly<Record<string, string>>) =>
  (orderId: string): Promise<OrderTimeline> =>
    withDatabases(urls, (databases) =>
      orderTimeline(
        {
          order: readOrder(databases),
          stock: readStock(databases),
          money: readMoney(databases),
          inbox: readInbox(databases),
          events: readEvents(databases),
          acts: readActs(databases),
          deadLetters: readDeadLetters(databases),
          messages: readMessages(databases),
        },
        orderId,
      ),
    )
