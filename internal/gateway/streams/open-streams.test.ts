import t from 'tap'
import { eventually } from '../../platform/testing/eventually.ts'
import { openStreams, type StreamTimes } from './open-streams.ts'

const standing = { sessionId: 's-1', userId: 'u-1', accessVersion: 1, expiresAtMs: Infinity }
const letter = { id: '1', event: 'e', data: { text: 'x'.repeat(20_000) } }

/** The user service and the clock under the test's control; a round is a few milliseconds. */
function open(times: Partial<StreamTimes> = {}) {
  const world = { nowMs: 0, isAway: false, isEnded: false, rounds: 0, hungUp: 0 }
  const ended = {
    isCurrent: () => !world.isAway,
    async refresh() {
      if (world.isAway) throw new Error('away')
    },
    notice: () => undefined,
    isEnded: () => world.isEnded,
  }
  const streams = openStreams({
    ...{ limits: { total: 10, perAccount: 10 }, ended, nowMs: () => world.nowMs },
    times: { roundMs: 5, ...times },
  })
  streams.onRound(() => {
    world.rounds++
  })
  const hangUp = (): void => {
    world.hungUp++
  }
  const viewer = { account: 'u-1', address: 'a', standing, hangUp }
  const nextRound = async (): Promise<void> => {
    const before = world.rounds
    await eventually('two rounds', () => world.rounds > before + 1)
  }
  return { world, streams, viewer, guest: { ...viewer, standing: undefined }, nextRound }
}

t.test('a stream ends with the session by which it was opened', async (t) => {
  const { world, streams, viewer, guest, nextRound } = open()
  const [mine, guests] = [streams.open(viewer), streams.open(guest)]
  await nextRound()
  t.ok(mine.isReady())
  world.isEnded = true
  t.notOk(mine.isReady(), 'nothing more is sent')
  await nextRound()
  t.equal(streams.count(), 1)
  t.ok(guests.isReady())
})

t.test('a stream ends when its token does, and after a quarter of an hour at the latest', async (t) => {
  const { world, streams, viewer, guest, nextRound } = open()
  streams.open({ ...viewer, standing: { ...standing, expiresAtMs: 60_000 } })
  const longest = streams.open(guest)
  world.nowMs = 60_000
  await nextRound()
  t.equal(streams.count(), 1)
  world.nowMs = 899_999
  t.ok(longest.isReady())
  world.nowMs = 900_000
  await eventually('it has ended', () => streams.count() === 0)
})

t.test('while nobody can say whether a session goes on, it gets nothing, and guests do', async (t) => {
  const { world, streams, viewer, guest, nextRound } = open()
  const [mine, guests] = [streams.open(viewer), streams.open(guest)]
  world.isAway = true
  await nextRound()
  t.same([mine.isReady(), guests.isReady(), streams.count()], [false, true, 2])
  world.isAway = false
  t.ok(mine.isReady())
})

t.test('a client that does not read gets nothing more, and is left after a while', async (t) => {
  const { world, streams, viewer, nextRound } = open()
  const slow = streams.open(viewer)
  slow.send(letter)
  t.notOk(slow.isReady())
  await nextRound()
  const waiting = slow.body.readableLength
  world.nowMs = 9_999
  await nextRound()
  t.equal(streams.count(), 1)
  t.equal(slow.body.readableLength, waiting, 'not even a sign of life waits for it')
  world.nowMs = 20_000
  await eventually('it is left', () => streams.count() === 0)
  t.equal(world.hungUp, 1)
})

t.test('one that reads again in time goes on', async (t) => {
  const { world, streams, viewer, nextRound } = open()
  const slow = streams.open(viewer)
  slow.send(letter)
  await nextRound()
  slow.body.resume()
  await eventually('it has read', () => slow.isReady())
  world.nowMs = 20_000
  await nextRound()
  t.equal(streams.count(), 1)
})

t.test('a sign of life is sent now and then', async (t) => {
  const { world, streams, viewer, nextRound } = open()
  const { body } = streams.open(viewer)
  let text = ''
  body.on('data', (chunk: Buffer) => (text += chunk.toString()))
  world.nowMs = 15_000
  await nextRound()
  t.equal(text, 'retry: 2000\n\n:\n\n')
})

t.test('when all end, nothing is left, and nobody is asked any more', async (t) => {
  const { world, streams, viewer, guest } = open()
  const endings: string[] = []
  streams.open(viewer).onEnd(() => endings.push('mine'))
  streams.open(guest).onEnd(() => endings.push('guest'))
  streams.stop()
  t.same(endings, ['mine', 'guest'])
  t.equal(streams.count(), 0)
  await eventually('connections are closed', () => world.hungUp === 2)
})

t.test('a client that goes away gives its place back', async () => {
  const { streams, viewer } = open()
  const { body } = streams.open(viewer)
  body.destroy()
  await eventually('it is given back', () => streams.count() === 0)
})
