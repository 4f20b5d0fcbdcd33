import t from 'tap'
import { auditInvariants, type Check, type Snapshot, type Streams } from './audit.ts'
import { databasesOf } from '../domain/databases.ts'
import { judgeHistories, judgeSettlements } from '../domain/judge-orders.ts'
import { joinOutboxes, judgeStreams, type OutboxEvents, type StoredStream } from '../domain/judge-streams.ts'

const histories = (path: readonly string[], rest: { status?: string; version?: number } = {}) => ({
  path,
  status: path.at(-1) ?? '',
  version: path.length,
  count: 1,
  ids: ['a'],
  ...rest,
})

t.test('lawful histories are fine, whatever their end', (t) => {
  const paths = [
    ['pending'],
    ['pending', 'rejected'],
    ['pending', 'confirmed', 'paid', 'shipped', 'completed'],
  ]
  t.match(judgeHistories(paths.map((path) => histories(path))), { checked: 3, violations: 0, offenders: [] })
  t.end()
})

t.test('histories that no transition explains are named', (t) => {
  for (const [group, complaint] of [
    [histories([]), 'order a has an unlawful history: nothing'],
    [histories(['confirmed']), 'order a has an unlawful history: confirmed'],
    [histories(['pending', 'paid']), 'order a has an unlawful history: pending → paid'],
    [
      histories(['pending', 'dreaming', 'paid']),
      'order a has an unlawful history: pending → dreaming → paid',
    ],
    [histories(['pending'], { status: 'paid' }), 'order a is paid, but its history says pending'],
    [histories(['pending'], { version: 2 }), 'order a has version 2, but its history says pending'],
  ] as const) {
    t.match(judgeHistories([group]), { violations: 1, offenders: [complaint] })
  }
  t.end()
})

t.test('all offenders are counted and the first few are named', (t) => {
  const ids = ['a', 'b', 'c', 'd', 'e']
  const judged = judgeHistories([
    { ...histories(['paid']), count: 70, ids },
    { ...histories(['shipped']), count: 7, ids },
  ])
  t.match(judged, { checked: 77, violations: 77 })
  t.equal(judged.offenders.length, 5)
  t.end()
})

t.test('stock is held for confirmed orders and for nobody else', (t) => {
  const lawful = [
    ['pending', undefined, true], ['pending', 'held', true], ['confirmed', 'held', false], ['completed', 'held', false],
    ['rejected', 'rejected', false], ['rejected', undefined, false], ['canceled', 'released', false],
    ['canceled', 'held', true], [undefined, 'released', false], [undefined, 'held', true],
    ['reviving', 'held', false], ['reviving', 'released', false],
  ] as const // prettier-ignore
  const unlawful = [
    ['confirmed', undefined, true], ['paid', 'released', true], ['shipped', 'rejected', false],
    ['rejected', 'held', false], ['canceled', 'held', false], [undefined, 'held', false],
    ['expired', 'held', false],
  ] as const // prettier-ignore
  const judge = ([order, reservation, isRecent]: (typeof lawful | typeof unlawful)[number]) =>
    judgeSettlements([{ order, reservation, isRecent, count: 1, ids: ['a'] }]).violations
  t.strictSame(
    lawful.map(judge),
    lawful.map(() => 0),
  )
  t.strictSame(
    unlawful.map(judge),
    unlawful.map(() => 1),
  )
  t.end()
})

const stream = (rest: Partial<StoredStream>): StoredStream => ({
  name: 'ORDERS',
  family: 'order',
  exists: true,
  expiredBeforeMs: 0,
  events: new Map(),
  nameless: [],
  ...rest,
})

const outbox = (published: readonly string[], unpublished: readonly string[] = []): OutboxEvents =>
  new Map([
    ['order', { published: new Map(published.map((id) => [id, 1_000])), unpublished: new Set(unpublished) }],
  ])

t.test('a published event that its stream lacks is a violation, unless it has expired', (t) => {
  const violations = (streams: readonly StoredStream[]) =>
    judgeStreams(outbox(['a', 'b']), streams, new Map())[0]
  t.match(violations([stream({ events: new Map([['a', 1], ['b', 2]]) })]), { checked: 2, violations: 0 }) // prettier-ignore
  t.match(violations([stream({ events: new Map([['a', 1]]) })]), {
    violations: 1,
    offenders: [/event b .* not in ORDERS$/],
  })
  t.match(violations([stream({ exists: false })]), { violations: 2, offenders: [/which does not exist/] })
  t.match(violations([]), { violations: 2, offenders: [/a stream for order\.>/] })
  t.match(violations([stream({ expiredBeforeMs: 1_001 })]), { checked: 0, violations: 0 })
  t.end()
})

t.test("others' messages are told, but are no violation", (t) => {
  const events = new Map([['a', 1], ['b', 2], ['x', 3], ['young', 9]]) // prettier-ignore
  const [, foreign] = judgeStreams(
    outbox(['a'], ['b']),
    [stream({ events, nameless: [4, 10] })],
    new Map([['ORDERS', 4]]),
  )
  t.match(foreign, { checked: 6, violations: 0 })
  t.strictSame(foreign?.offenders, ['ORDERS holds 2 that no service sent, the first at 3'])
  t.end()
})

t.test('the events of several outboxes are taken together', (t) => {
  const joined = joinOutboxes([
    outbox(['a'], ['x']),
    outbox(['b']),
    new Map([['user', outbox(['u']).get('order')!]]),
  ])
  t.strictSame([...joined.keys()], ['order', 'user'])
  t.strictSame([...(joined.get('order')?.published.keys() ?? [])], ['a', 'b'])
  t.strictSame([...(joined.get('order')?.unpublished ?? [])], ['x'])
  t.end()
})

const needsOf = (name: string, needs: readonly string[]): Check => ({ names: [name], needs })

/** Looks at one thing for each check, and finds it wrong when the database has `wrong`. */
const snapshotOf = (services: readonly string[], rest: { wrong?: boolean; events?: OutboxEvents } = {}) => ({
  services,
  judge: async ({ names }: Check) =>
    names.map((name) => ({
      name,
      checked: 1,
      violations: rest.wrong ? 1 : 0,
      offenders: rest.wrong ? ['it'] : [],
    })),
  outboxEvents: async () => rest.events ?? new Map(),
})

const auditOf = (checks: readonly Check[], snapshots: readonly Snapshot<Check>[]) =>
  auditInvariants({ checks, streams: undefined, withSnapshots: (look) => look(snapshots) })()

t.test(
  'the stream is marked before the snapshots and read after them, and has the events of all',
  async (t) => {
    const steps: string[] = []
    const events = new Map([['a', 1], ['b', 2]]) // prettier-ignore
    const streams: Streams = {
      marks: async () => (steps.push('marks'), new Map([['ORDERS', 2]])),
      read: async () => (steps.push('read'), [stream({ events })]),
    }
    const snapshots = [
      snapshotOf(['order'], { events: outbox(['a']) }),
      snapshotOf(['user'], { events: outbox(['b']) }),
    ]
    const audit = auditInvariants({
      checks: [needsOf('by-sql', ['order'])],
      streams,
      withSnapshots: (look) => (steps.push('snapshots'), look(snapshots)),
    })
    const found = await audit()
    t.strictSame(steps, ['marks', 'snapshots', 'read'])
    t.strictSame(found, [
      { name: 'by-sql', checked: 1, violations: 0, offenders: [] },
      { name: 'events-in-streams', checked: 2, violations: 0, offenders: [] },
      { name: 'foreign-messages', checked: 2, violations: 0, offenders: [] },
    ])
  },
)

t.test('without a broker its rules are skipped, and say so', async (t) => {
  t.match(await auditOf([], [snapshotOf(['order'])]), [
    { name: 'events-in-streams', checked: 0, violations: 0, offenders: [/skipped/] },
    { name: 'foreign-messages', checked: 0, violations: 0, offenders: [/skipped/] },
  ])
})

t.test('a check runs where all that it needs is, and is told as skipped when that is nowhere', async (t) => {
  const checks = [
    needsOf('orders', ['order']),
    { ...needsOf('both', ['order', 'stock']), compares: 'orders were not compared with stock' },
    needsOf('three', ['order', 'stock', 'user']),
    needsOf('outbox', []),
  ]
  const apart = await auditOf(checks, [snapshotOf(['order', 'user']), snapshotOf(['stock'])])
  const skipped = { checked: 0, violations: 0 }
  t.strictSame(apart.slice(0, 4), [
    { name: 'orders', checked: 1, violations: 0, offenders: [] },
    {
      ...{ name: 'both', ...skipped },
      offenders: [
        'skipped: orders were not compared with stock, because order and stock are not in one database',
      ],
    },
    { name: 'three', ...skipped, offenders: ['skipped: order, stock and user are not in one database'] },
    { name: 'outbox', checked: 2, violations: 0, offenders: [] },
  ])
  const together = await auditOf(checks, [snapshotOf(['order', 'user', 'stock'])])
  t.strictSame(
    together.slice(0, 4).map(({ name, checked, offenders }) => [name, checked, offenders]),
    [['orders', 1, []], ['both', 1, []], ['three', 1, []], ['outbox', 1, []]], // prettier-ignore
  )
})

t.test('what is wrong in several databases is one row that says where', async (t) => {
  const [found] = await auditOf(
    [needsOf('outbox', [])],
    [snapshotOf(['order'], { wrong: true }), snapshotOf(['stock', 'user'], { wrong: true })],
  )
  t.strictSame(found, {
    ...{ name: 'outbox', checked: 2, violations: 2 },
    offenders: ['it (in the database of order)', 'it (in the database of stock and user)'],
  })
})

t.test('many offenders do not hide that a part was not judged', async (t) => {
  const checks = [
    ...Array.from({ length: 7 }, () => needsOf('rule', ['order'])),
    needsOf('rule', ['order', 'user']),
  ]
  const [found] = await auditOf(checks, [snapshotOf(['order'], { wrong: true }), snapshotOf(['user'])])
  t.match(found, { checked: 7, violations: 7 })
  t.strictSame(found?.offenders, [
    ...Array.from({ length: 5 }, () => 'it'),
    'skipped: order and user are not in one database',
  ])
})

t.test('services with the same URL share a database', (t) => {
  t.strictSame(databasesOf({ user: 'a', inventory: 'b', order: 'a', producer: 'c' }), [
    { url: 'a', services: ['user', 'order'] },
    { url: 'b', services: ['inventory'] },
    { url: 'c', services: ['producer'] },
  ])
  t.end()
})
