import t from 'tap'
import { newId } from '../../platform/new-id.ts'
import type { Endpoint } from '../domain/endpoint.ts'
import type { WebhookAnswer } from '../domain/webhook-delivery.ts'
import { endpoint, later, publishedEvent } from '../testing/fixtures.ts'
import { inMemoryWebhooks } from '../testing/in-memory-webhooks.ts'
import { asked } from '../testing/webhooks-contract.ts'
import { webhookSender } from './send-webhooks.ts'

type Answer = (endpointUrl: string) => Promise<WebhookAnswer>

const at = later(1_000)
const taken: WebhookAnswer = { kind: 'taken' }

async function open(answer: Answer, urls: readonly string[] = ['https://one.example/']) {
  const { endpoints, webhooks } = inMemoryWebhooks()
  for (const url of urls) await endpoints.add(endpoint({ url }), asked())
  const called: string[] = []
  const reported: string[] = []
  const sender = webhookSender({
    ...{ endpoints, webhooks, leaseMs: 30_000, now: () => at, failpoint: () => undefined },
    call({ url }) {
      called.push(url)
      return answer(url)
    },
    onEnd: () => undefined,
    report: (what) => void reported.push(what),
  })
  const first = { stream: 'ORDERS', incarnation: 'a', seq: 0, mark: '' }
  await webhooks.begin(first)
  const queue = (count: number, aggregateId?: string) =>
    webhooks.advance(
      first,
      { ...first, seq: count },
      Array.from({ length: count }, () => publishedEvent({ aggregateId: aggregateId ?? newId() })),
      at,
    )
  const only = async (): Promise<Endpoint> => (await endpoints.list())[0]!
  const page = async () =>
    webhooks.page({ endpointId: (await only()).id, status: undefined, limit: 100, after: undefined })
  return { sender, queue, called, reported, only, states: async () => (await page()).deliveries }
}

t.test('an event is delivered when its endpoint has taken it, and not before', async (t) => {
  const answers: ((answer: WebhookAnswer) => void)[] = []
  const { sender, queue, called, states } = await open(() => new Promise((resolve) => answers.push(resolve)))
  await queue(2, newId())
  t.equal(await sender.begin(), 1, 'the second one waits for the first')
  t.match(await states(), [{ status: 'queued' }, { status: 'queued' }])
  answers[0]!(taken)
  await sender.ended()
  t.match(await states(), [{ status: 'queued' }, { status: 'delivered' }], 'the newest is listed first')
  t.equal(await sender.begin(), 1)
  t.equal(called.length, 2)
  answers[1]!({ kind: 'failed', failure: 'http-500' })
  await sender.ended()
  t.match(await states(), [{ status: 'queued', attempts: 1, failure: 'http-500' }, { status: 'delivered' }])
})

t.test('an endpoint that hangs has four places, and others have theirs', async (t) => {
  const [slow, quick] = ['https://slow.example/', 'https://quick.example/']
  const hang = new Promise<WebhookAnswer>(() => undefined)
  const { sender, queue, called } = await open(
    (url) => (url === slow ? hang : Promise.resolve(taken)),
    [slow, quick],
  )
  await queue(100)
  for (let round = 0; round < 30; round++) {
    await sender.begin()
    await new Promise((resolve) => setImmediate(resolve)) // those that have answered have left their places
  }
  t.equal(called.filter((url) => url === slow).length, 4)
  t.equal(called.filter((url) => url === quick).length, 100)
})

t.test('an endpoint that is gone is paused once, and gets nothing more', async (t) => {
  const { sender, queue, called, reported, only } = await open(async () => ({ kind: 'gone' }))
  await queue(3)
  await sender.begin()
  await sender.ended()
  t.match(await only(), { pauseReason: 'http-410', pausedAt: at })
  t.equal(reported.length, 1)
  t.equal(await sender.begin(), 0)
  t.equal(called.length, 3)
})
