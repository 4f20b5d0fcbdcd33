import { Readable } from 'node:stream'
import t from 'tap'
import { systemCall } from '../../platform/call.ts'
import { eventually } from '../../platform/testing/eventually.ts'
import { feedStreams } from './feed-streams.ts'
import type { OpenStream } from './open-streams.ts'

const entry = {
  ...{ kind: 'order.shipped', title: '', text: '', url: '', orderId: '' },
  ...{ createdAt: '2026-11-20T08:00:00.000Z', readAt: '' },
}

/** Each reader's only entry is named as the reader, and stands at position 1. */
function open() {
  const world = { questions: [] as number[], isAway: false }
  const sent: string[] = []
  const feeds = feedStreams({
    findFeedPosition: async () => ({ position: '0', lastId: 'none' }),
    async followFeeds({ readers }) {
      world.questions.push(readers.length)
      if (world.isAway) throw new Error('away')
      return {
        feeds: readers.map(({ userId, position }) => ({
          entries: position === '0' ? [{ ...entry, id: userId }] : [],
          position: '1',
        })),
      }
    },
  })
  async function follow(userId: string) {
    const state = { isReady: true, end: (): void => undefined }
    const stream: OpenStream = {
      ...{ body: new Readable(), mark: () => undefined, end: () => state.end() },
      send: ({ id }) => void sent.push(`${userId} ${id}`),
      isReady: () => state.isReady,
      onEnd: (ended) => (state.end = ended),
    }
    await feeds.follow(stream, userId, undefined, systemCall('test'))
    return state
  }
  return { world, sent, feeds, follow }
}

t.test('many readers are asked for in several questions, and each gets the own entries once', async (t) => {
  const { world, sent, feeds, follow } = open()
  const users = Array.from({ length: 120 }, (_, index) => `u-${index}`)
  for (const user of users) await follow(user)
  feeds.round()
  await eventually('all are told', () => sent.length === 120)
  t.same(
    sent,
    users.map((user) => `${user} ${user}`),
  )
  t.same(world.questions, [50, 50, 20])
  feeds.round()
  await eventually('they are asked for again', () => world.questions.length === 6)
  t.equal(sent.length, 120)
})

t.test(
  'what could not be asked for or sent comes later, and whoever has left is not asked for',
  async (t) => {
    const { world, sent, feeds, follow } = open()
    const [slow, gone] = [await follow('slow'), await follow('gone')]
    gone.end()
    world.isAway = true
    feeds.round()
    await eventually('it was tried', () => world.questions.length === 1)
    world.isAway = false
    slow.isReady = false
    feeds.round()
    slow.isReady = true
    await eventually('it is told', () => {
      feeds.round()
      return sent.length === 1
    })
    t.same(sent, ['slow slow'])
    t.ok(world.questions.every((readers) => readers === 1))
  },
)
