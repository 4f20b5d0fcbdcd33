import { pino } from 'pino'
import t from 'tap'
import type { Nats } from '../../platform/nats.ts'
import { createSignal } from '../../platform/signal.ts'
import { eventually } from '../../platform/testing/eventually.ts'
import type { Relayed } from '../application/relay-outbox.ts'
import { runRelayLoop, type RelayLoop } from './relay-loop.ts'
import { watchedServer } from './watched-server.ts'

const nothing: Relayed = { found: 0, published: 0, backPressure: undefined, stuck: [] }

/** The loop with everything around it under the test's control. */
function loop(changes: Partial<RelayLoop> = {}) {
  const seen = { passes: 0, looks: 0, tidied: 0, lines: 0, serverId: 'server-1' }
  const nats = {
    connection: {
      get info() {
        return { server_id: seen.serverId }
      },
    },
    isConnected: () => true,
  } as unknown as Nats // the only part of Nats that the loop uses
  const whole: RelayLoop = {
    relay: async () => {
      seen.passes++
      return nothing
    },
    watch: async () => {
      seen.looks++
      return []
    },
    tidy: async () => {
      seen.tidied++
    },
    locks: { owned: async () => [0] },
    wake: createSignal(),
    server: watchedServer(nats),
    stuck: new Map(),
    log: pino(
      { level: 'warn' },
      {
        write: () => {
          seen.lines++
        },
      },
    ),
    ...changes,
  }
  const stop = new AbortController()
  return { seen, stop: () => stop.abort(), run: () => runRelayLoop(whole, stop.signal) }
}

t.test('one that is told to stop makes a last pass', async (t) => {
  const { seen, stop, run } = loop()
  stop()
  await run()
  t.equal(seen.passes, 1)
})

t.test('a last pass that fails does not keep it from ending', async (t) => {
  const { seen, stop, run } = loop({ relay: () => Promise.reject(new Error('away')) })
  stop()
  await run()
  t.equal(seen.lines, 1)
})

t.test('a fault is reported once, and each pass looks at the streams again', async (t) => {
  const { seen, stop, run } = loop({ relay: () => Promise.reject(new Error('away')) })
  const running = run()
  await eventually('four passes', () => seen.looks >= 4)
  stop()
  await running
  t.equal(seen.lines, 1)
})

t.test('back-pressure is reported once, and each pass looks at the streams again', async (t) => {
  const { seen, stop, run } = loop({
    relay: async () => ({ ...nothing, backPressure: 'full', stuck: ['order'] }),
  })
  const running = run()
  await eventually('four passes', () => seen.looks >= 4)
  stop()
  await running
  t.equal(seen.lines, 1)
})

t.test(
  'when all is well it looks at the streams now and then, and after each start of a server',
  async (t) => {
    const { seen, stop, run } = loop()
    const running = run()
    await eventually('some passes', () => seen.passes >= 5)
    t.equal(seen.looks, 1)
    seen.serverId = 'server-2'
    const passes = seen.passes
    await eventually('the next pass', () => seen.passes >= passes + 2)
    t.equal(seen.looks, 2)
    stop()
    await running
  },
)

t.test('a standby touches neither the outbox nor the broker', async (t) => {
  let asked = 0
  const { seen, stop, run } = loop({
    locks: {
      owned: async () => {
        asked++
        return []
      },
    },
  })
  const running = run()
  await eventually('it has asked', () => asked >= 3)
  stop()
  await running
  t.match(seen, { passes: 0, looks: 0 })
})

t.test('it tidies after ten thousand events, not after each', async (t) => {
  const { seen, stop, run } = loop({
    relay: async () => {
      seen.passes++
      if (seen.passes === 41) stop()
      return { found: 500, published: 500, backPressure: undefined, stuck: [] }
    },
  })
  await run()
  t.equal(seen.passes, 42)
  t.equal(seen.tidied, 2)
})

t.test('what one stream does not take is passed by for a while, and the rest goes on at once', async (t) => {
  const passes: { readonly at: number; readonly except: readonly string[] }[] = []
  const { stop, run } = loop({
    relay: async (_lanes, except) => {
      passes.push({ at: performance.now(), except })
      const isFull = !except.includes('order')
      return {
        found: 1,
        published: 0,
        backPressure: isFull ? 'full' : undefined,
        stuck: isFull ? ['order'] : [],
      }
    },
  })
  const running = run()
  await eventually('it has been tried three times', () => passes.length >= 6)
  stop()
  await running
  t.same(
    passes.slice(0, 6).map(({ except }) => except),
    [[], ['order'], [], ['order'], [], ['order']],
  )
  t.ok(passes[2]!.at - passes[1]!.at > 200, 'and is not tried again sooner than there may be room')
  t.same(
    passes.slice(-2).map(({ except }) => except),
    [[], ['order']],
    'the last pass leaves only what the broker does not take',
  )
})

t.test('while the broker itself is away the outbox is not read a second time', async (t) => {
  const passes: (readonly string[])[] = []
  const { stop, run } = loop({
    server: { isConnected: () => false, isCurrent: () => false, look: (at) => at() },
    relay: async (_lanes, except) => {
      passes.push(except)
      return { found: 1, published: 0, backPressure: 'nats is away', stuck: ['order'] }
    },
  })
  const running = run()
  await eventually('three passes', () => passes.length >= 3)
  stop()
  await running
  t.same(passes.slice(0, 3), [[], [], []])
})
