import t from 'tap'
import { judgeWebhooks } from './judge-webhooks.ts'

type Ended = Parameters<typeof judgeWebhooks>[0]

const url = 'https://books.example/'
const event = (id: string, version: number, subject = 'order.created') => ({
  ...{ id, subject, aggregateType: 'order', aggregateId: 'one', aggregateVersion: version },
})
const outbox = [event('a', 1), event('b', 2, 'order.confirmed'), event('c', 1, 'stock.adjusted')]

async function judged(taken: readonly string[]): Promise<readonly string[]> {
  const endpoints = { list: async () => [{ url, events: ['order.*'] }] }
  const stores = { outbox, webhooks: { endpoints } }
  return judgeWebhooks({ stores, receiver: { taken: new Map([[url, taken]]) } } as unknown as Ended)
}

t.test('each event that is wanted, in order, is well, and so is one that comes again', async (t) => {
  t.same(await judged(['a', 'b']), [])
  t.same(await judged(['a', 'b', 'a', 'b', 'b']), [])
})

t.test('an event that never came, or came before one that is older, is found', async (t) => {
  t.match(await judged(['a']), ['lost: https://books.example/ never got order.confirmed b'])
  t.match(await judged(['b', 'a']), ['https://books.example/ got version 2 of order one too late'])
  t.match(await judged([]), [/never got order.created a/, /never got order.confirmed b/])
})
