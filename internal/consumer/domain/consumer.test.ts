import t from 'tap'
import { deadLetter } from '../testing/fixtures.ts'
import { deadLetterStatuses, discard, requeue } from './dead-letter.ts'
import { judge, maxFailedDeliveries } from './delivery.ts'

t.test('a message that was handled is acknowledged, however often it came', async (t) => {
  t.same(judge({ kind: 'handled' }, 1, 0), { kind: 'ack' })
  t.same(judge({ kind: 'handled' }, 49, 0), { kind: 'ack' })
})

t.test('a message that is refused is dead at once', async (t) => {
  const ending = { kind: 'refused', code: 'message.not-json', reason: 'no' } as const
  t.same(judge(ending, 1, 0), { kind: 'dead', code: 'message.not-json', reason: 'no' })
})

t.test('an outage is waited for, ever longer, and never kills a message', async (t) => {
  const delays = Array.from({ length: 49 }, (_, index) => {
    const verdict = judge({ kind: 'outage', reason: 'away' }, index + 1, 0)
    return verdict.kind === 'retry' ? verdict.delayMs : NaN
  })
  t.same(delays.slice(0, 5), [200, 400, 800, 1_600, 3_200])
  t.ok(delays.slice(8).every((delayMs) => delayMs === 30_000))
})

t.test('messages that failed together come back apart', async (t) => {
  t.same(judge({ kind: 'outage', reason: '' }, 1, 0.5), { kind: 'retry', delayMs: 300 })
  t.same(judge({ kind: 'outage', reason: '' }, 40, 0.999), { kind: 'retry', delayMs: 30_199 })
})

t.test('a failing message gets ten tries and is dead at the next', async (t) => {
  const failed = { kind: 'failed', reason: 'bug' } as const
  t.match(judge(failed, 1, 0), { kind: 'retry', delayMs: 200 })
  t.match(judge(failed, maxFailedDeliveries, 0), { kind: 'retry', delayMs: 30_000 })
  t.same(judge(failed, maxFailedDeliveries + 1, 0), { kind: 'dead', code: 'message.failed', reason: 'bug' })
})

t.test('an open letter is requeued or discarded, and that is its end', async (t) => {
  const letter = deadLetter({ requeues: 2 })
  t.match(requeue(letter), { status: 'requeued', requeues: 3 })
  t.match(discard(letter, 'of no use'), { status: 'discarded', resolution: 'of no use', requeues: 2 })
  for (const status of deadLetterStatuses.filter((each) => each !== 'open')) {
    const resolved = deadLetter({ status })
    t.throws(() => requeue(resolved), { kind: 'conflict', code: `dead-letter.${status}` })
    t.throws(() => discard(resolved, ''), { kind: 'conflict', code: `dead-letter.${status}` })
  }
})
