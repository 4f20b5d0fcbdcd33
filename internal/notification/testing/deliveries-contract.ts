import type { Test } from 'tap'
import { systemCall, traceOf } from '../../platform/call.ts'
import type { Deliveries } from '../application/ports.ts'
import { beginSending, fail, lose, markSent, putOff, requeue, skip } from '../domain/delivery.ts'
import type { DeliveryId } from '../domain/delivery.ts'
import { channels } from '../domain/kinds.ts'
import { delivery, feedEntry, later, newOrderId, newUserId, now } from './fixtures.ts'

export type Told = { readonly type: string; readonly id: string; readonly version: number }

export type Opened = { readonly deliveries: Deliveries; readonly told: () => Promise<readonly Told[]> }

const once = { key: 'key', fingerprint: 'print' }
const leaseEnd = later(60_000)

/** What every store of deliveries does. */
export function deliveriesContract(t: Test, open: (t: Test) => Promise<Opened>): void {
  sending(t, open)
  reading(t, open)
}

function sending(t: Test, open: (t: Test) => Promise<Opened>): void {
  t.test('adds one for each event, channel, recipient and kind, however often it is told', async (t) => {
    const { deliveries } = await open(t)
    const first = delivery({ nextAt: later(5) })
    const again = { ...delivery(), eventId: first.eventId, recipient: first.recipient }
    t.equal(await deliveries.add([first, { ...again, kind: 'cart.abandoned' }]), 2)
    t.equal(await deliveries.add([again]), 0)
    t.same(await deliveries.find(first.id), first)
    t.equal(await deliveries.find(again.id).then((found) => found?.kind), 'cart.abandoned')
  })

  t.test('gives what is due to one worker, the longest due first', async (t) => {
    const { deliveries } = await open(t)
    const [second, first, notYet] = [
      delivery({ nextAt: later(2) }),
      delivery({ nextAt: later(1) }),
      delivery({ nextAt: later(9) }),
    ]
    await deliveries.add([second, first, notYet, feedEntry(newUserId())])
    t.same(await deliveries.nextDue(channels), later(1))
    const claimed = await deliveries.claim(channels, later(5), leaseEnd, 10)
    t.same(claimed.map(({ id }) => id).sort(), [second.id, first.id].sort())
    t.same(await deliveries.claim(channels, later(5), leaseEnd, 10), [])
    t.same(
      (await deliveries.claim(channels, leaseEnd, later(90_000), 1)).map(({ id }) => id),
      [first.id],
      'again when the lease has ended',
    )
  })

  t.test('gives mails to accounts before those about orders', async (t) => {
    const { deliveries } = await open(t)
    const order = () => delivery({ kind: 'order.placed', recipient: { type: 'order', id: newOrderId() } })
    const reset = delivery({ kind: 'account.password-reset', nextAt: later(1) })
    await deliveries.add([order(), order(), reset])
    const claimed = await deliveries.claim(channels, later(1), leaseEnd, 2)
    t.same(
      claimed.map(({ kind }) => kind),
      ['account.password-reset', 'order.placed'],
    )
    t.same(await deliveries.nextDue(channels), now, 'and the last one is due')
  })

  t.test('gives a worker only what goes by its channels', async (t) => {
    const { deliveries } = await open(t)
    const recipient = { type: 'order', id: newOrderId() } as const
    const [text, mail] = [
      delivery({ kind: 'order.shipped', channel: 'sms', recipient }),
      delivery({ kind: 'order.shipped', recipient, nextAt: later(1) }),
    ]
    await deliveries.add([text, mail])
    t.same(await deliveries.nextDue(['email', 'slack']), later(1))
    const claimed = await deliveries.claim(['email', 'slack'], later(1), leaseEnd, 10)
    t.same(claimed.map(({ id }) => id), [mail.id]) // prettier-ignore
    t.same(await deliveries.nextDue(['sms']), now)
    t.match(await deliveries.claim(['sms'], now, leaseEnd, 10), [{ id: text.id, channel: 'sms' }])
  })

  t.test('stores a state with its event, and not when somebody was quicker', async (t) => {
    const { deliveries, told } = await open(t)
    const mail = delivery()
    await deliveries.add([mail])
    const [claimed] = await deliveries.claim(channels, now, leaseEnd, 1)
    const begun = beginSending(claimed!, now, leaseEnd)
    t.equal(await deliveries.store(begun), true)
    t.equal(await deliveries.store(begun), false)
    t.equal(await deliveries.store(skip(claimed!, 'muted', now)), false)
    const sent = markSent(begun.state, later(1))
    t.equal(await deliveries.store(sent), true)
    t.same(await deliveries.find(mail.id), sent.state)
    t.same(await told(), [{ type: 'sent', id: mail.id, version: 1 }])
    t.same(await deliveries.nextDue(channels), undefined)
  })

  t.test('finds what was being sent when its lease ended', async (t) => {
    const { deliveries, told } = await open(t)
    const mail = delivery()
    await deliveries.add([mail])
    await deliveries.store(beginSending(mail, now, leaseEnd))
    t.same(await deliveries.lost(later(59_999), 10), [])
    t.same(await deliveries.nextDue(channels), leaseEnd)
    const [lost] = await deliveries.lost(leaseEnd, 10)
    t.equal(lost?.id, mail.id)
    t.equal(await deliveries.store(lose(lost!, 'no-answer', leaseEnd)), true)
    t.match(await deliveries.find(mail.id), {
      status: 'unknown',
      failure: 'no-answer',
      leaseUntil: undefined,
    })
    t.same(
      await deliveries.claim(channels, later(1e9), later(2e9), 10),
      [],
      'and nobody sends it again by itself',
    )
    t.same(await told(), [{ type: 'unknown', id: mail.id, version: 1 }])
  })

  t.test('frees what was claimed and not begun', async (t) => {
    const { deliveries } = await open(t)
    await deliveries.add([delivery()])
    const claimed = await deliveries.claim(channels, now, leaseEnd, 1)
    await deliveries.release(claimed, later(5))
    t.same(await deliveries.nextDue(channels), later(5))
    const [again] = await deliveries.claim(channels, later(5), leaseEnd, 1)
    t.match(again, { id: claimed[0]?.id, attempts: 0, status: 'queued' })
    await deliveries.release(claimed, later(7))
    t.same(
      await deliveries.claim(channels, later(7), leaseEnd, 1),
      [],
      'a worker that is too late frees nothing',
    )
  })

  t.test('knows a request by its key', async (t) => {
    const { deliveries } = await open(t)
    const mail = delivery()
    await deliveries.add([mail])
    const begun = beginSending(mail, now, leaseEnd)
    await deliveries.store(begun)
    const failed = fail(begun.state, 'smtp-550', now)
    await deliveries.store(failed)
    t.equal(await deliveries.findByRequest(once), undefined)
    const again = requeue(failed.state, later(1))
    t.equal(
      await deliveries.store(again, {
        once,
        trace: traceOf(systemCall('test')),
        act: { what: 'notification.requeued', subjectId: mail.id },
      }),
      true,
    )
    t.same(await deliveries.findByRequest(once), again.state)
  })
}

function reading(t: Test, open: (t: Test) => Promise<Opened>): void {
  t.test('lists deliveries by status and channel, newest first', async (t) => {
    const { deliveries } = await open(t)
    const [first, second, entry] = [delivery(), delivery(), feedEntry(newUserId())]
    await deliveries.add([first, second, entry])
    const begun = beginSending(second, now, leaseEnd)
    await deliveries.store(begun)
    await deliveries.store(putOff(begun.state, 'smtp-451', now))
    const all = { status: undefined, channel: undefined, limit: 2, after: undefined }
    const page = await deliveries.page(all)
    t.same(
      page.deliveries.map(({ id }) => id),
      [entry.id, second.id],
    )
    t.equal(page.next, second.id)
    t.same((await deliveries.page({ ...all, after: second.id })).deliveries, [first])
    t.match((await deliveries.page({ ...all, status: 'queued', channel: 'email' })).deliveries, [
      { id: second.id, failure: 'smtp-451', nextAt: later(5_000) },
      { id: first.id },
    ])
    t.same((await deliveries.page({ ...all, channel: 'feed' })).deliveries, [entry])
    t.same(await deliveries.countByStatus(), { queued: 2 })
  })

  t.test('shows somebody the own feed, and marks it read once', async (t) => {
    const { deliveries } = await open(t)
    const [me, other] = [newUserId(), newUserId()]
    const [first, second, theirs] = [feedEntry(me), feedEntry(me), feedEntry(other)]
    await deliveries.add([first, second, theirs])
    const all = { isUnreadOnly: false, limit: 10, after: undefined }
    t.match(await deliveries.feed(me, all), {
      deliveries: [{ id: second.id }, { id: first.id }],
      next: undefined,
      unread: 2,
    })
    t.equal(await deliveries.markRead(me, theirs.id, now), undefined)
    t.match(await deliveries.markRead(me, first.id, later(1)), { id: first.id, readAt: later(1) })
    t.match(await deliveries.markRead(me, first.id, later(9)), { readAt: later(1) })
    const unread = await deliveries.feed(me, { ...all, isUnreadOnly: true })
    t.match(unread, { deliveries: [{ id: second.id }], unread: 1 })
    t.match(await deliveries.feed(me, { ...all, limit: 1 }), { next: second.id })
    t.match(await deliveries.feed(me, { ...all, after: second.id }), { deliveries: [{ id: first.id }] })
  })

  following(t, open)

  t.test('removes what has ended long ago, and nothing that waits', async (t) => {
    const { deliveries } = await open(t)
    const [waiting, entry] = [delivery(), feedEntry(newUserId())]
    await deliveries.add([waiting, entry])
    t.equal(await deliveries.removeEnded(new Date(0), 10), 0)
    t.equal(await deliveries.removeEnded(new Date('2100-01-01'), 10), 1)
    t.equal((await deliveries.find(waiting.id))?.id, waiting.id)
  })
}

function following(t: Test, open: (t: Test) => Promise<Opened>): void {
  t.test('gives each reader what came after the own position, in the order of its coming', async (t) => {
    const { deliveries } = await open(t)
    const [me, other] = [newUserId(), newUserId()]
    const [early, first, second, theirs] = [feedEntry(me), feedEntry(me), feedEntry(me), feedEntry(other)]
    t.same(await deliveries.feedPosition(me, undefined), { position: 0n, lastId: undefined })
    await deliveries.add([first, theirs, delivery({ recipient: { type: 'user', id: me } })])
    const { position } = await deliveries.feedPosition(me, first.id)
    t.same(await deliveries.feedPosition(me, undefined), { position, lastId: first.id })
    await deliveries.add([early, second])
    const idsOf = async (from: bigint, limit = 10) => {
      const [feed] = await deliveries.follow([{ userId: me, position: from }], limit)
      return feed!.deliveries.map(({ id }) => id)
    }
    t.same(await idsOf(position), [early.id, second.id], 'although the first of them has a lower id')
    t.same(await idsOf(0n, 2), [first.id, early.id])
    const readers = [
      { userId: other, position: 0n },
      { userId: me, position },
      { userId: me, position: 0n },
    ]
    const feeds = await deliveries.follow(readers, 1)
    t.same(
      feeds.map((feed) => feed.deliveries.map(({ id }) => id)),
      [[theirs.id], [early.id], [first.id]],
    )
    t.equal(feeds[2]?.position, position)
    const end = (await deliveries.feedPosition(me, second.id)).position
    t.same(await deliveries.follow([{ userId: me, position: end }], 10), [{ deliveries: [], position: end }])
    t.same(await deliveries.follow([], 10), [])
  })

  t.test('goes on behind an entry that was removed, and from the start behind none', async (t) => {
    const { deliveries } = await open(t)
    const me = newUserId()
    const [first, removed, second] = [feedEntry(me), feedEntry(me), feedEntry(me)]
    await deliveries.add([first, second])
    const { position } = await deliveries.feedPosition(me, removed.id)
    t.match(await deliveries.follow([{ userId: me, position }], 10), [{ deliveries: [{ id: second.id }] }])
    const nothing = '00000000-0000-0000-0000-000000000000' as DeliveryId
    t.same(await deliveries.feedPosition(me, nothing), { position: 0n, lastId: undefined })
  })
}
