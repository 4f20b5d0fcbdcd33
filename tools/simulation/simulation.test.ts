import t from 'tap'
import { brokerContract } from '../../internal/producer/testing/broker-contract.ts'
import { armedFaults } from './armed-faults.ts'
import { newBroker } from './broker.ts'
import { publishingPort } from './broker-ports.ts'
import { runCampaign } from './campaign.ts'
import { newProcess } from './process.ts'
import { runSeed } from './run-seed.ts'
import { shrink } from './shrink.ts'
import { newWorld } from './world.ts'

// These few runs show at once when the simulation is broken. simulation.campaign.test.ts makes thousands of runs.

t.test('no invariant breaks in the first five runs', async (t) => {
  const campaign = await runCampaign({ from: 1, seeds: 5 })
  t.same(campaign.failure?.violations, undefined)
})

t.test('the same seed is the same run, to the last line', async (t) => {
  for (let seed = 1; seed <= 3; seed++) {
    const [once, again] = [
      await runSeed(seed, { keepsHistory: true }),
      await runSeed(seed, { keepsHistory: true }),
    ]
    t.ok(once.history.length > 50)
    t.strictSame(again, once, `seed ${seed}`)
  }
})

t.test('another seed is another run', async (t) => {
  const seen = new Set<string>()
  for (const seed of [1, 2, 3]) seen.add((await runSeed(seed, { keepsHistory: true })).history.join())
  t.equal(seen.size, 3)
})

brokerContract(t, async () => {
  const world = newWorld(1, false)
  const broker = newBroker(world)
  const process = newProcess('producer-1', 'producer')
  broker.connect(process)
  await world.time.runUntil(world.time.now() + 1_000)
  const port = publishingPort({ world, broker, process, faults: armedFaults(world) }, () => true)
  /** Lets simulated time pass until the work has ended. */
  async function ending<Answer>(work: Promise<Answer>): Promise<Answer> {
    work.catch(() => undefined) // the result is awaited below
    await world.time.runUntil(world.time.now() + 10_000)
    return work
  }
  return {
    publish: (events) => ending(port.publish(events)),
    ensureStreams: () => ending(port.ensureStreams()),
    messageIdAt: (stream, seq) => ending(port.messageIdAt(stream, seq)),
    readThrough: (stream, from, limit) => ending(port.readThrough(stream, from, limit)),
    remakeDamaged: (stream, seq) => ending(port.remakeDamaged(stream, seq)),
    remakeCutBack: (stream, was) => ending(port.remakeCutBack(stream, was)),
  }
})

t.test('what is left out for nothing is left out', async (t) => {
  const fails = async (items: readonly number[]) => items.includes(7) && items.includes(13)
  const all = Array.from({ length: 40 }, (_, index) => index)
  t.same(await shrink(all, fails), [7, 13])
  t.same(await shrink([7, 13], fails), [7, 13])
})
