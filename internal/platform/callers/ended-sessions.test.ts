import t from 'tap'
import { eventually } from '../testing/eventually.ts'
import { endedSessions } from './ended-sessions.ts'

const identity = { sessionId: 's-1', userId: 'u-1', accessVersion: 1 }
type Ending = { readonly sessionId: string; readonly userId: string; readonly accessVersion: number }
const sessionEnding = (sessionId: string): Ending => ({ sessionId, userId: '', accessVersion: 0 })

/** The user service and the clock under the test's control. */
function open(tokenSeconds = 60) {
  const atOnce: Promise<void> = Promise.resolve()
  const world = {
    nowMs: 0,
    asked: [] as string[],
    endings: [] as Ending[],
    isAway: false,
    nextId: '',
    gate: atOnce,
  }
  const users = {
    async listEndings({ since, afterId }: { readonly since: string; readonly afterId: string }) {
      world.asked.push(`${since}${afterId}`)
      await world.gate
      if (world.isAway) throw new Error('away')
      const nextId = afterId === '' ? world.nextId : ''
      return { endings: world.endings, asOf: `as of ${world.nowMs}`, nextId }
    },
  }
  return { world, ended: endedSessions({ users, tokenSeconds, nowMs: () => world.nowMs }) }
}

t.test('nothing is known before it was asked for', async (t) => {
  const { world, ended } = open()
  t.notOk(ended.isCurrent())
  await ended.refresh()
  t.ok(ended.isCurrent())
  t.notOk(ended.isEnded(identity))
  t.same(world.asked, [''])
})

t.test('what has ended is refused, and an account of an older version', async (t) => {
  const { world, ended } = open()
  world.endings = [sessionEnding('s-1'), { sessionId: '', userId: 'u-2', accessVersion: 3 }]
  await ended.refresh()
  t.ok(ended.isEnded(identity))
  t.notOk(ended.isEnded({ ...identity, sessionId: 's-2' }))
  t.ok(ended.isEnded({ sessionId: 's-3', userId: 'u-2', accessVersion: 2 }))
  t.notOk(ended.isEnded({ sessionId: 's-3', userId: 'u-2', accessVersion: 3 }))
})

t.test(
  'it asks again in time while somebody calls, from where it has left off, and nobody waits for that',
  async (t) => {
    const { world, ended } = open()
    await ended.refresh()
    world.nowMs = 300
    t.ok(ended.isCurrent())
    t.equal(world.asked.length, 1, 'it is young')
    world.nowMs = 500
    t.ok(ended.isCurrent())
    t.same(world.asked, ['', 'as of 0'])
    await ended.refresh()
    world.nowMs = 1_100
    t.ok(ended.isCurrent())
    t.equal(world.asked.length, 3)
  },
)

t.test('without an answer it is soon not current, and it is again at the first answer', async (t) => {
  const { world, ended } = open()
  await ended.refresh()
  world.isAway = true
  world.nowMs = 701
  t.notOk(ended.isCurrent())
  await t.rejects(ended.refresh(), { message: 'away' })
  world.isAway = false
  world.endings = [sessionEnding('s-1')]
  await ended.refresh()
  t.ok(ended.isCurrent())
  t.ok(ended.isEnded(identity))
})

t.test('an ending is forgotten when no token can be left of it, and not before', async (t) => {
  const { world, ended } = open(60)
  world.endings = [sessionEnding('s-1')]
  await ended.refresh()
  world.endings = []
  world.nowMs = 60_000
  await ended.refresh()
  t.ok(ended.isEnded(identity))
  world.nowMs = 120_001
  await ended.refresh()
  t.notOk(ended.isEnded(identity))
})

t.test('it asks until there are no more, and only then knows', async (t) => {
  const { world, ended } = open()
  world.nextId = ' after 7'
  await ended.refresh()
  t.same(world.asked, ['', ' after 7'])
  t.ok(ended.isCurrent())
})

t.test('a hint of another gateway has it asked soon, and many hints once', async (t) => {
  const { world, ended } = open()
  await ended.refresh()
  world.endings = [sessionEnding('s-1')]
  for (let count = 0; count < 100; count++) ended.notice()
  await eventually('the ending is known, though nobody has called', () => ended.isEnded(identity))
  t.equal(world.asked.length, 2)
})

t.test('a question that was under way when the hint came is followed by another one', async (t) => {
  const { world, ended } = open()
  await ended.refresh()
  let answer = (): void => undefined
  world.gate = new Promise((resolve) => (answer = resolve))
  const early = ended.refresh()
  ended.notice()
  world.endings = [sessionEnding('s-1')]
  answer()
  await early
  await eventually('it has asked once more', () => world.asked.length === 3)
  t.ok(ended.isEnded(identity))
})

t.test(
  'a hint asks nothing where nobody calls, and harms nothing while the user service is away',
  async (t) => {
    const { world, ended } = open()
    await ended.refresh()
    world.nowMs = 701
    ended.notice()
    world.nowMs = 0
    world.isAway = true
    await eventually('the hint is over', () => {
      ended.notice()
      return world.asked.length === 2
    })
    t.ok(ended.isCurrent())
  },
)
