import type { Hunt, Mutant } from './mutant.ts'

const simulation: Hunt = { by: 'simulation' }
const inOrders = 'internal/order/infrastructure/prisma-orders.ts'
const inWriteOrders = 'internal/order/infrastructure/write-orders.ts'
const inMailbox = 'internal/producer/infrastructure/prisma-mailbox.ts'
const inReservations = 'internal/inventory/stock/infrastructure/reservation-sql.ts'
const inRelease = 'internal/inventory/stock/infrastructure/release-sql.ts'
const inventoryDrills = 'internal/inventory/infrastructure/prisma-inventory.int.test.ts'
const orderDrills = 'internal/order/infrastructure/prisma-orders.int.test.ts'
const producerDrills = 'internal/producer/producer-service.int.test.ts'
const mailboxDrills = 'internal/producer/infrastructure/prisma-mailbox.int.test.ts'

/** Rules of the stores, which are broken in the in-memory stores of the simulation. */
export const modelMutants: readonly Mutant[] = [
  {
    name: 'events-in-any-order',
    rule: 'what a statement stores of one aggregate is published in the order in which it happened',
    patches: [
      {
        file: 'internal/platform/outbox.ts',
        search: '${where} order by e.place',
        replace: '${where}',
      },
    ],
    hunt: {
      by: 'drill',
      file: 'internal/platform/outbox.int.test.ts',
      test: 'events of many things stand in the order of the list, however the statement finds its rows',
    },
  },
  {
    name: 'watermark (model)',
    rule: 'events carry a flag each; there is no "published up to here"',
    patches: [
      {
        file: 'internal/producer/testing/in-memory-mailbox.ts',
        search: '      return open()\n',
        replace:
          '      const published = rows.filter(({ isPublished }) => isPublished)\n' +
          '      const mark = published.reduce((top, { event }) => (event.seq > top ? event.seq : top), 0n)\n' +
          '      return open().filter(({ event }) => event.seq > mark)\n',
      },
    ],
    hunt: simulation,
  },
  {
    name: 'no-tombstone (model)',
    rule: 'a release that comes before its reservation leaves a tombstone',
    patches: [
      {
        file: 'internal/inventory/testing/fake-reservations.ts',
        search: '        const current = tables.reservations.get(orderId)\n',
        replace: '        const current = tables.reservations.get(orderId)\n        if (!current) continue\n',
      },
    ],
    hunt: simulation,
  },
]

/** Rules in SQL, which only a real PostgreSQL runs. */
export const databaseMutants: readonly Mutant[] = [
  {
    name: 'publish-before-commit',
    rule: 'state and event are stored in one transaction',
    patches: [
      {
        file: inOrders,
        search: '  const added = await retryContention(() => insertOrders(sql, orders, events))\n',
        replace:
          '  await appendToOutbox(sql, events)\n' +
          '  const added = await retryContention(() => insertOrders(sql, orders, []))\n',
      },
      {
        file: inOrders,
        search: 'import { tracesOfSent, type WakeProducer }',
        replace: 'import { appendToOutbox, tracesOfSent, type WakeProducer }',
      },
    ],
    hunt: { by: 'drill', file: orderDrills, test: 'a key gives its first order' },
  },
  {
    name: 'watermark',
    rule: 'events carry a flag each; there is no "published up to here"',
    patches: [
      {
        file: inMailbox,
        search: '  where lane = any($1::smallint[]) and aggregate_id not in (\n',
        replace:
          '  where seq > (select coalesce(max(o.seq), 0) from producer.outbox o\n' +
          '    where not exists (select from producer.unpublished p where p.seq = o.seq))\n' +
          '    and lane = any($1::smallint[]) and aggregate_id not in (\n',
      },
    ],
    hunt: { by: 'drill', file: producerDrills, test: 'an event that commits late' },
  },
  {
    name: 'stale-acknowledgement-marks',
    rule: 'acknowledgements of a lost store mark nothing',
    patches: [
      {
        file: inMailbox,
        search: ' and generation = ($3::int[])[array_position($2::bigint[], seq)]',
        replace: '',
      },
    ],
    hunt: { by: 'drill', file: mailboxDrills, test: 'acknowledgements of a lost store mark nothing' },
  },
  {
    name: 'no-tombstone',
    rule: 'a release that comes before its reservation leaves a tombstone',
    patches: [
      {
        file: inRelease,
        search: 'from unnest($1::uuid[]) as asked (order_id)\n     on conflict do nothing',
        replace: 'from unnest($1::uuid[]) as asked (order_id) where false\n     on conflict do nothing',
      },
    ],
    hunt: { by: 'drill', file: inventoryDrills, test: 'leaves a tombstone' },
  },
  {
    name: 'no-row-lock',
    rule: 'the stock rows of a batch are locked until it has committed',
    patches: [{ file: inReservations, search: '    order by product_id\n    for update\n', replace: '' }],
    hunt: {
      by: 'drill',
      file: 'internal/inventory/stock/infrastructure/stock-drills.int.test.ts',
      test: 'a thousand buyers',
    },
  },
  {
    name: 'no-version-guard',
    rule: 'of two writers of one order the slower one reads again',
    patches: [
      {
        file: inWriteOrders,
        search: 'o.id = c.id and o.version = c.expected and o.revision = c.revision',
        replace: 'o.id = c.id',
      },
    ],
    hunt: { by: 'drill', file: orderDrills, test: 'lets one of eight racing cancellations win' },
  },
  {
    name: 'no-unique-key',
    rule: 'the database takes one order for each (user, Idempotency-Key)',
    patches: [
      {
        file: inOrders,
        search: 'const orders = adds.map(({ change, key }) => ({ order: change.state, key }))',
        replace: 'const orders = adds.map(({ change }) => ({ order: change.state, key: undefined }))',
      },
    ],
    hunt: { by: 'drill', file: orderDrills, test: 'a key gives its first order' },
  },
  {
    name: 'key-not-claimed',
    rule: 'the key of a request is taken in the transaction of what was done under it',
    patches: [
      {
        file: 'internal/platform/idempotency-keys.ts',
        search: '  if (claimed < keys.length) throw keyInUse()\n',
        replace: '',
      },
    ],
    hunt: { by: 'drill', file: orderDrills, test: 'finds what a request has changed' },
  },
  {
    name: 'durable-without-incarnation',
    rule: "the durable's name carries the stream's incarnation",
    patches: [
      {
        file: 'internal/consumer/infrastructure/run-subscription.ts',
        search: 'name: `${name}-${incarnation}`',
        replace: 'name',
      },
    ],
    hunt: {
      by: 'drill',
      file: 'internal/consumer/infrastructure/run-subscription-stores.campaign.test.ts',
      test: 'a store wiped while messages are unacknowledged',
    },
  },
]
