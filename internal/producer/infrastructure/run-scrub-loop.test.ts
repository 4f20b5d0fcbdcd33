import { pino } from 'pino'
import t from 'tap'
import { eventually } from '../../platform/testing/eventually.ts'
import { stretchLength } from '../application/scrub-streams.ts'
import { startScrubLoop, type ScrubLoop } from './run-scrub-loop.ts'

/** A loop without any pause between two rounds. */
function loop(changes: Partial<ScrubLoop> = {}) {
  const seen = { rounds: 0, lines: 0 }
  const stop = new AbortController()
  const { ended, healedStreams } = startScrubLoop(
    {
      scrub: async () => {
        seen.rounds++
        return []
      },
      locks: { owned: async () => [0, 1] },
      isConnected: () => true,
      intervalMs: 1,
      messagesPerSecond: 1_000 * stretchLength,
      log: pino(
        { level: 'warn' },
        {
          write: () => {
            seen.lines++
          },
        },
      ),
      ...changes,
    },
    stop.signal,
  )
  const end = async (): Promise<void> => {
    stop.abort()
    await ended
  }
  return { seen, end, healedStreams }
}

t.test('it reads again and again, says what it healed, and goes on after a fault', async (t) => {
  let round = 0
  const { seen, end, healedStreams } = loop({
    scrub: async () => {
      if (++round === 1) throw new Error('the broker is away')
      return round === 2 ? ['ORDERS'] : []
    },
  })
  await eventually('a third round', () => round >= 3)
  await end()
  t.equal(healedStreams(), 1)
  t.equal(seen.lines, 2)
})

t.test('only the owner of the first lane reads, and only while there is a broker', async (t) => {
  let asked = 0
  const standby = loop({ locks: { owned: async () => (asked++, [1, 2]) } })
  let looked = 0
  const alone = loop({ isConnected: () => (looked++, false) })
  await eventually('both were asked', () => asked >= 3 && looked >= 3)
  await standby.end()
  await alone.end()
  t.same([standby.seen.rounds, alone.seen.rounds], [0, 0])
})

t.test('it stops between two stretches when its lane is lost, and when it is told to', async (t) => {
  let lanes = [0]
  const paces: boolean[] = []
  const { end } = loop({
    locks: { owned: async () => lanes },
    scrub: async (pace) => {
      paces.push(await pace())
      lanes = []
      paces.push(await pace())
      return []
    },
  })
  await eventually('two paces', () => paces.length === 2)
  await end()
  t.same(paces, [true, false])

  let isReading = false
  const patient = loop({
    messagesPerSecond: 1,
    scrub: async (pace) => {
      isReading = true
      paces.push(await pace())
      return []
    },
  })
  await eventually('it reads', () => isReading)
  await patient.end()
  t.same(paces, [true, false, false])
})
