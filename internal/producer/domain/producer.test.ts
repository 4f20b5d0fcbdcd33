import fc from 'fast-check'
import t from 'tap'
import { now, storedEvent, story } from '../testing/fixtures.ts'
import { hasLostMessages, isOverwritten } from './broker-stream.ts'
import { markOf, maxAttempts, messageId } from './publication.ts'
import { wavesOf } from './stored-event.ts'

t.test('a wave holds one event of each aggregate, the waves keep their order', async (t) => {
  const [a1, a2, a3] = story(3)
  const [b1, b2] = story(2)
  t.same(wavesOf([a1!, b1!, a2!, a3!, b2!]), [[a1, b1], [a2, b2], [a3]])
  t.same(wavesOf([]), [])
})

t.test('whatever comes, waves lose nothing, repeat nothing and keep each aggregate in order', async () => {
  const stories = fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 8 })
  fc.assert(
    fc.property(stories, fc.infiniteStream(fc.nat()), (lengths, dice) => {
      const open = lengths.map((length) => [...story(length)])
      const events = []
      for (let left = open.flat().length; left > 0; left--) {
        const nonEmpty = open.filter((each) => each.length > 0)
        events.push(nonEmpty[dice.next().value! % nonEmpty.length]!.shift()!)
      }
      const published = wavesOf(events)
      const inOneWave = published.every(
        (wave) => new Set(wave.map(({ aggregate }) => aggregate)).size === wave.length,
      )
      const versions = new Map<string, number>()
      const isInOrder = published.flat().every(({ aggregate, aggregateVersion }) => {
        const expected = (versions.get(aggregate) ?? 0) + 1
        versions.set(aggregate, aggregateVersion)
        return aggregateVersion === expected
      })
      return inOneWave && isInOrder && published.flat().length === events.length
    }),
  )
})

t.test('a stored event is marked with its place in the stream', async (t) => {
  const event = storedEvent()
  t.same(markOf(event, { kind: 'stored', streamSeq: 7 }, now), { kind: 'published', event, streamSeq: 7 })
})

t.test('back-pressure leaves the event as it is, without counting an attempt', async (t) => {
  t.equal(markOf(storedEvent({ attempts: 19 }), { kind: 'later', reason: 'full' }, now), undefined)
})

t.test('a refused event is tried again after ever longer pauses, up to half a minute', async (t) => {
  const delays = Array.from({ length: maxAttempts - 1 }, (_, attempts) => {
    const mark = markOf(storedEvent({ attempts }), { kind: 'refused', reason: 'no' }, now)
    t.match(mark, { kind: 'retry', attempts: attempts + 1, reason: 'no' })
    return mark?.kind === 'retry' ? mark.notBefore.getTime() - now.getTime() : NaN
  })
  t.same(delays.slice(0, 4), [100, 200, 400, 800])
  t.same(delays.at(-1), 30_000)
})

t.test('after twenty refusals an event is parked', async (t) => {
  const mark = markOf(storedEvent({ attempts: maxAttempts - 1 }), { kind: 'refused', reason: 'no' }, now)
  t.match(mark, { kind: 'parked', attempts: 20, reason: 'no' })
})

t.test('the message id is the event id, and another one for each generation', async (t) => {
  t.equal(messageId(storedEvent({ id: 'e' })), 'e')
  t.equal(messageId(storedEvent({ id: 'e', generation: 1 })), 'e:g1')
  t.equal(messageId(storedEvent({ id: 'e', generation: 12 })), 'e:g12')
})

t.test('a stream made anew, or behind what it acknowledged, has lost messages', async (t) => {
  const seen = { created: 'a', epoch: 1, lastSeq: 10n, lastMessageId: 'e-1' }
  t.notOk(hasLostMessages(seen, { created: 'a', lastSeq: 10n }))
  t.notOk(hasLostMessages(seen, { created: 'a', lastSeq: 11n }))
  t.ok(hasLostMessages(seen, { created: 'a', lastSeq: 9n }))
  t.ok(hasLostMessages(seen, { created: 'b', lastSeq: 10n }))
  t.ok(hasLostMessages(seen, { created: 'b', lastSeq: 99n }))
})

t.test('a stream that holds another message where ours was acknowledged is an older copy', async (t) => {
  const seen = { created: 'a', epoch: 1, lastSeq: 10n, lastMessageId: 'e-1' }
  t.notOk(isOverwritten(seen, 'e-1'))
  t.ok(isOverwritten(seen, 'e-2'))
  t.ok(isOverwritten(seen, ''), 'a message of somebody who gives no ids')
  t.notOk(isOverwritten(seen, undefined), 'it has expired')
  t.notOk(isOverwritten({ ...seen, lastMessageId: '' }, 'e-2'), 'nothing was acknowledged yet')
})
