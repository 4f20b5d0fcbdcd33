import { PrismaPg } from '@prisma/adapter-pg'
import t from 'tap'
import { PrismaClient } from '../producer/infrastructure/db/client.ts'
import { UserCreatedSchema } from '../gen/user/v1/events_pb.ts'
import { eventType } from './event.ts'
import { newId } from './new-id.ts'
import {
  appendToOutbox,
  outboxColumnCount,
  outboxCtes,
  outboxEvent,
  outboxLanes,
  outboxParameters,
  tracesOfSent,
  type OutboxEvent,
} from './outbox.ts'
import { testDatabase } from './testing/database.ts'

const { url } = await testDatabase(t)
const db = new PrismaClient({ adapter: new PrismaPg({ connectionString: url }) })
t.teardown(() => db.$disconnect())

const occurredAt = new Date('2026-01-02T03:04:05.678Z')
const data = {
  ...{ userId: newId(), role: 'customer' },
  createdAt: occurredAt.toISOString(),
}

function event(changes: Partial<OutboxEvent> = {}): OutboxEvent {
  const made = outboxEvent(
    eventType(UserCreatedSchema),
    { aggregateType: 'user', aggregateId: newId(), aggregateVersion: 1, occurredAt, data },
    { correlationId: 'c-1', causationId: 'cause-1', traceparent: '00-aa-bb-01' },
  )
  return { ...made, ...changes }
}

t.test(
  'events of many things stand in the order of the list, however the statement finds its rows',
  async (t) => {
    const things = Array.from({ length: 40 }, () => newId()).reverse()
    const events = [1, 2, 3].flatMap((aggregateVersion) =>
      things.map((aggregateId) => event({ aggregateId, aggregateVersion })),
    )
    await db.$transaction(async (tx) => {
      // Then they are joined in the order of their ids.
      for (const way of ['hashjoin', 'nestloop']) await tx.$executeRawUnsafe(`set local enable_${way} = off`)
      await tx.$executeRawUnsafe(
        `with wanted as (select unnest($${outboxColumnCount + 1}::uuid[]) as id),
         ${outboxCtes(1, 'where e.aggregate_id in (select id from wanted)')} select 1`,
        ...outboxParameters(events),
        things,
      )
    })
    const stored = await db.outboxEvent.findMany({
      where: { aggregateId: { in: things } },
      orderBy: { seq: 'asc' },
    })
    t.same(
      stored.map(({ id }) => id),
      events.map(({ id }) => id),
    )
  },
)

t.test('an event is stored with every column, unpublished', async (t) => {
  const told = event()
  await appendToOutbox(db, [told])
  const row = await db.outboxEvent.findFirstOrThrow({ where: { id: told.id } })
  t.match(row, {
    occurredAt,
    aggregateType: 'user',
    aggregateId: told.aggregateId,
    aggregateVersion: 1,
    subject: 'user.created',
    type: 'tillstream.user.created.v2',
    data: JSON.stringify(data),
    correlationId: 'c-1',
    causationId: 'cause-1',
    traceparent: '00-aa-bb-01',
  })
  t.match(await db.unpublishedEvent.findUniqueOrThrow({ where: { seq: row.seq } }), {
    occurredAt,
    lane: row.lane,
    aggregateId: told.aggregateId,
    generation: 0,
    attempts: 0,
    parked: false,
    notBefore: null,
  })
})

t.test('events lie there in the order in which they were given', async (t) => {
  const events = Array.from({ length: 20 }, () => event())
  await appendToOutbox(db, events)
  const rows = await db.outboxEvent.findMany({
    where: { id: { in: events.map(({ id }) => id) } },
    orderBy: { seq: 'asc' },
  })
  t.same(
    rows.map(({ id }) => id),
    events.map(({ id }) => id),
  )
})

t.test('an aggregate keeps to its lane, and aggregates spread over all of them', async (t) => {
  const firsts = Array.from({ length: 200 }, () => event())
  const seconds = firsts.map(({ aggregateId }) => event({ aggregateId, subject: 'order.paid' }))
  await appendToOutbox(db, [...firsts, ...seconds])
  const aggregateIds = firsts.map(({ aggregateId }) => aggregateId)
  const rows = await db.outboxEvent.findMany({ where: { aggregateId: { in: aggregateIds } } })
  const lanes = new Map(rows.map(({ aggregateId, lane }) => [aggregateId, lane]))
  t.equal(rows.length, 400)
  t.ok(rows.every(({ aggregateId, lane }) => lanes.get(aggregateId) === lane))
  t.same([...new Set(lanes.values())].sort(), [...Array(outboxLanes).keys()])
})

t.test('what was sent is found again, as the cause of what follows', async (t) => {
  const [one, other, never] = [event(), event(), event()]
  await appendToOutbox(db, [one, other])
  const traces = await tracesOfSent(db, [one, other, never, { ...one, aggregateVersion: 2 }])
  const { headers } = one
  t.strictSame(
    traces,
    new Map([one, other].map(({ aggregateId, id }) => [aggregateId, { ...headers, causationId: id }])),
  )
  t.strictSame(await tracesOfSent(db, []), new Map())
})

t.test('an event of a transaction that is rolled back does not exist', async (t) => {
  const told = event()
  const failing = db.$transaction(async (tx) => {
    await appendToOutbox(tx, [told])
    throw new Error('no')
  })
  await t.rejects(failing)
  t.equal(await db.outboxEvent.count({ where: { id: told.id } }), 0)
  await appendToOutbox(db, [])
})
