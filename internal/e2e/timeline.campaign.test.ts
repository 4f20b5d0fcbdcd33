import { isDeepStrictEqual } from 'node:util'
import t from 'tap'
import { readStackFile } from '../config/stack-file.ts'
import { eventually } from '../platform/testing/eventually.ts'
import { payingAt, secure } from './testing/paying.ts'
import { openRogue } from './testing/rogue.ts'
import { answerPage } from './testing/sandbox.ts'
import { openOneProcess } from './testing/shop.ts'

// One order that goes through everything that makes people ask why it is stuck: its hold ends while its customer is at the
// bank, the bank approves all the same, nothing is left to revive it with, and an event of it is given up.

t.setTimeout(300_000)
const holdSeconds = 8
const shop = await openOneProcess(t, {
  ...{ PAYMENT_HOLD_SECONDS: String(holdSeconds), PAYMENT_ACTION_HOLD_SECONDS: String(holdSeconds) },
  NOTIFY_BY: 'feed',
})
const { paymentSandboxUrl = '' } = (await readStackFile(shop.env.DATA_DIR!)) ?? {}
const till = await payingAt(shop, paymentSandboxUrl)
const { admin, send } = till
await till.control('PUT', '', { lateCapture: 1 })

type Timeline = {
  readonly status: string
  readonly missingEvents: number
  readonly waitsFor: readonly { readonly what: string; readonly aboutId: string; readonly until?: string }[]
  readonly entries: readonly {
    readonly at: string
    readonly source: string
    readonly what: string
    readonly aboutId: string
    readonly detail: Readonly<Record<string, string>>
    readonly requestId?: string
  }[]
}

const timelineOf = async (id: string): Promise<Timeline> =>
  (await send<Timeline>('GET', `/admin/orders/${id}/timeline`, admin)).body
const waitsOf = async (id: string): Promise<readonly string[]> =>
  (await timelineOf(id)).waitsFor.map(({ what }) => what)
const becomes = (id: string, status: string, paymentStatus: string) =>
  eventually(
    `order ${id} becomes ${status}, ${paymentStatus}`,
    async () => {
      const order = await till.orderNow(admin, id)
      return order.status === status && order.paymentStatus === paymentStatus
    },
    90_000,
  )

t.test('the timeline of an order says what happened, in order, and what it waits for', async (t) => {
  const product = await shop.newProduct(2)
  const who = { token: await shop.api.newCustomer() }
  const { cart } = await till.filled(who, product, 2)
  const { body } = await till.buy(who, cart, secure)
  const [id, paymentId] = [body.order?.id ?? '', body.payment?.id ?? '']
  const page = await till.pageOf(who, paymentId)
  await t.test('at the bank', async (t) => {
    await eventually('it waits for its customer', async () =>
      isDeepStrictEqual((await waitsOf(id)).toSorted(), ['customer', 'payment']),
    )
    const { waitsFor } = await timelineOf(id)
    t.ok(waitsFor.find(({ what }) => what === 'payment')?.until, 'it says when the hold ends')
  })
  await eventually('its hold ends', async () => (await timelineOf(id)).status === 'expired', 90_000)
  await eventually('its stock is back', async () => (await till.stockOf(product)) === 2)
  await till.bought(product, {}, 2)
  await answerPage(page, 'approve')
  await becomes(id, 'expired', 'refunded')

  await t.test('an event of it is given up, and dealt with', async (t) => {
    const expired = (await timelineOf(id)).entries.find(({ what }) => what === 'order.expired')
    const type = 'tillstream.order.expired.v1'
    const headers = { 'ce-id': expired?.detail.event ?? '', 'ce-type': type, 'ce-specversion': '1.0' }
    await (await openRogue(t, shop.nats.url)).mayPublish('order.expired', '{"order":"none"}', headers)
    await eventually('it waits for staff', async () =>
      (await waitsOf(id)).includes('staff-looks-at-dead-letter'),
    )
    for (const { what, aboutId } of (await timelineOf(id)).waitsFor)
      if (what === 'staff-looks-at-dead-letter')
        await send('POST', `/admin/dead-letters/${aboutId}/discard`, admin, { reason: 'nonsense' })
    t.notOk((await waitsOf(id)).includes('staff-looks-at-dead-letter'))
  })

  const { entries, missingEvents } = await timelineOf(id)
  t.equal(missingEvents, 0)
  const names = entries.map(({ what }) => what)
  const story = [
    ...['order.created', 'order.confirmed', 'phase.action_required', 'order.expired'],
    ...['money.captured', 'refund.requested', 'money.refunded', 'dead_letter.added', 'dead_letter.discarded'],
  ]
  const places = story.map((name) => names.indexOf(name))
  t.notOk(places.includes(-1), `${names.join(' ')} has all of ${story.join(' ')}`)
  t.same(
    places,
    places.toSorted((a, b) => a - b),
    `in order: ${names.join(' ')}`,
  )
  t.match(
    entries,
    entries.toSorted((a, b) => a.at.localeCompare(b.at)),
  )
  for (const name of ['payment.late', 'refund.succeeded', 'webhook.received', 'asked.refund'])
    t.ok(names.includes(name), name)
  t.ok(
    entries.some(({ source, detail }) => source === 'message' && detail.status === 'sent'),
    'what its customer was told',
  )
  const placed = entries.find(({ what }) => what === 'order.created')
  t.ok(placed?.requestId, 'the request that made it')
  await shop.auditIsClean()
})
