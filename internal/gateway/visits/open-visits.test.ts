import t from 'tap'
import { createLog } from '../../platform/log.ts'
import { eventually } from '../../platform/testing/eventually.ts'
import { openVisits, type VisitsOptions } from './open-visits.ts'

type Batch = Parameters<VisitsOptions['analytics']['countVisits']>[0]

function opened(take: (batch: Batch) => Promise<unknown>, everyMs = 1) {
  let nowMs = Date.parse('2026-11-30T10:59:59Z')
  const countVisits = async (batch: Batch) => {
    await take(batch)
    return {}
  }
  const options = { analytics: { countVisits }, log: createLog('test', 'silent'), everyMs, now: () => nowMs }
  return { ...openVisits(options), pass: (ms: number) => void (nowMs += ms) }
}

const view = (productId: string) => ({ what: 'views', productId }) as const

t.test('visits are handed over together, those of another hour apart', async (t) => {
  const taken: Batch[] = []
  const visits = opened(async (batch) => taken.push(batch), 3_600_000)
  visits.add(view('a'))
  visits.add(view('a'))
  visits.add(view('b'))
  visits.pass(1_000)
  visits.add(view('a'))
  await visits.stop()
  t.match(taken, [
    {
      at: '2026-11-30T10:00:00.000Z',
      visits: [
        { ...view('a'), count: 2 },
        { ...view('b'), count: 1 },
      ],
    },
    { at: '2026-11-30T11:00:00.000Z', visits: [{ ...view('a'), count: 1 }] },
  ])
  t.not(taken[0]?.batchId, taken[1]?.batchId)
})

t.test('a batch that was not taken comes again with its id, and nobody is asked for nothing', async (t) => {
  const ids: string[] = []
  const visits = opened(async ({ batchId }) => {
    ids.push(batchId)
    if (ids.length < 3) throw new Error('planted')
  })
  t.teardown(visits.stop)
  visits.add(view('a'))
  await eventually('the third time', () => ids.length === 3)
  t.equal(new Set(ids).size, 1)
  visits.add(view('a'))
  await eventually('the next batch', () => ids.length === 4)
  t.equal(new Set(ids).size, 2)
})

t.test('while nobody takes them only so many are kept', async (t) => {
  let isAway = true
  const taken: Batch[] = []
  const visits = opened(async (batch) => {
    if (isAway) throw new Error('planted')
    taken.push(batch)
  }, 3_600_000)
  for (let hour = 0; hour < 150; hour++) {
    visits.add(view('a'))
    visits.pass(3_600_000)
  }
  isAway = false
  await visits.stop()
  t.equal(taken.length, 100)
})
