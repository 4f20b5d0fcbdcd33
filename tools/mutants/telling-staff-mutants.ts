import type { Mutant } from './mutant.ts'

const drill = (file: string, test: string) => ({ by: 'drill', file, test }) as const
const inSlack = 'internal/notification/infrastructure/slack-webhook.ts'
const inPosts = 'internal/notification/infrastructure/post-once.ts'
const slackDrill = (test: string) =>
  drill('internal/notification/infrastructure/slack-webhook.int.test.ts', test)
const inLowStock = 'internal/inventory/stock/infrastructure/low-stock.ts'
const lowStockDrill = (test: string) =>
  drill('internal/inventory/stock/infrastructure/low-stock.int.test.ts', test)

/** Rules of what those who run the shop are told. */
export const tellingStaffMutants: readonly Mutant[] = [
  {
    name: 'dead-letter-of-a-dead-letter-told',
    rule: 'nothing is told of a dead letter that was to tell of another',
    patches: [
      {
        file: 'internal/consumer/infrastructure/dead-letter-events.ts',
        search: '  if (subject === added.subject) return []\n',
        replace: '  void subject\n',
      },
    ],
    hunt: drill(
      'internal/consumer/infrastructure/prisma-dead-letters.int.test.ts',
      'a letter is told of once, and one that was to tell of another is not told of',
    ),
  },
  {
    name: 'low-stock-told-at-each-crossing',
    rule: 'orders that come and go tell of low stock once a day',
    patches: [
      {
        file: inLowStock,
        search: "where not l.is_told or l.updated_at <= $2::timestamptz - interval '1 day'",
        replace: 'where true',
      },
    ],
    hunt: lowStockDrill('an order that is canceled and placed again on the same day tells nothing new'),
  },
  {
    name: 'low-stock-told-at-every-order',
    rule: 'stock that was low before is not told of again by the next order',
    patches: [
      {
        file: 'internal/inventory/stock/domain/low-stock.ts',
        search: ' && (before.get(productId) ?? 0) >= units',
        replace: ' && before.has(productId)',
      },
    ],
    hunt: lowStockDrill('a product that never had as many, and one of which none was taken, are not told of'),
  },
  {
    name: 'slack-fault-taken-for-a-refusal',
    rule: 'a fault of the server does not prove that Slack has not taken a message',
    patches: [{ file: inSlack, search: 'return status >= 500', replace: 'return status >= 600' }],
    hunt: slackDrill('after a fault of the server nobody knows whether it was sent'),
  },
  {
    name: 'slack-silence-taken-for-a-refusal',
    rule: 'without an answer nobody knows whether Slack has taken a message',
    patches: [
      { file: inPosts, search: 'if (unconnected.test(code))', replace: 'if (code !== unconnected.source)' },
    ],
    hunt: slackDrill('nor when the connection breaks behind the message, or no answer comes'),
  },
]
