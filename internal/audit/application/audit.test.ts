import t from 'tap'
import { auditInvariants, type Snapshot, type Streams } from './audit.ts'
import { judgeHistories, judgeSettlements } from '../domain/judge-orders.ts'
import { judgeStreams, type OutboxEvents, type StoredStream } from '../domain/judge-streams.ts'

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
  ] as const // prettier-ignore
  const unlawful = [
    ['confirmed', undefined, true], ['paid', 'released', true], ['shipped', 'rejected', false],
    ['rejected', 'held', false], ['canceled', 'held', false], [undefined, 'held', false],
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

const snapshot: Snapshot = {
  invariants: async () => [{ name: 'by-sql', checked: 1, violations: 0, offenders: [] }],
  orderHistories: async () => [histories(['pending'])],
  settlements: async () => [],
  outboxEvents: async () => outbox(['a']),
}

t.test('the stream is marked before the snapshot and read after it', async (t) => {
  const steps: string[] = []
  const streams: Streams = {
    marks: async () => (steps.push('marks'), new Map()),
    read: async () => (steps.push('read'), [stream({ events: new Map([['a', 1]]) })]),
  }
  const audit = auditInvariants({ streams, withSnapshot: (look) => (steps.push('snapshot'), look(snapshot)) })
  const names = (await audit()).map(({ name }) => name)
  t.strictSame(steps, ['marks', 'snapshot', 'read'])
  t.strictSame(names, [
    'order-histories',
    'orders-and-stock',
    'by-sql',
    'events-in-streams',
    'foreign-messages',
  ])
})

t.test('without a broker its rules are skipped, and say so', async (t) => {
  const invariants = await auditInvariants({ streams: undefined, withSnapshot: (look) => look(snapshot) })()
  t.match(invariants.slice(-2), [
    { name: 'events-in-streams', checked: 0, violations: 0, offenders: [/skipped/] },
    { name: 'foreign-messages', checked: 0, violations: 0, offenders: [/skipped/] },
  ])
})
