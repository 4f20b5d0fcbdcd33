import { newClients } from './clients.ts'
import { compareTheDay } from './compare-the-day.ts'
import { addEndpoints, resumeEndpoints } from './endpoints.ts'
import { judge } from './judge.ts'
import { newDesk } from './operators.ts'
import type { CartSetup, Setup } from './parts.ts'
import { capturesLaterIn, hasCartsIn, paysIn, planOf, processNames, tellsIn } from './plan.ts'
import { hangPriceTags } from './price-tags.ts'
import { unrest } from './rest.ts'
import { act, type Plan, type Planned } from './steps.ts'
import { newShop, stockShelves } from './shop.ts'
import { strikes } from './strike.ts'
import { tally } from './tally.ts'
import { takeOverClocks } from './virtual-time.ts'
import { watchPromise } from './watch-promise.ts'
import type { Random } from '../shared/random.ts'
import { newWorld, type World } from './world.ts'

export type Outcome = {
  /** Each violation in words. */
  readonly violations: readonly string[]
  readonly counts: ReadonlyMap<string, number>
  /** Empty unless the caller asked for it. */
  readonly history: readonly string[]
}

export type RunOptions = { readonly plan?: Plan; readonly keepsHistory?: boolean }

/** The simulated time after the last fault within which the system must come to rest. */
const drainMs = 420_000
const lookEveryMs = 1_000
/** The run goes on for this time after the system is at rest, because late messages must do no harm either. */
const afterglowMs = 12_000

/** Makes one run, which is determined by the seed and the plan alone. */
export async function runSeed(seed: number, options: RunOptions = {}): Promise<Outcome> {
  const world = newWorld(seed, options.keepsHistory ?? false)
  const giveBackClocks = takeOverClocks(world.time, world.random('Math.random').next)
  try {
    const violations = await play(world, seed, options.plan ?? planOf(seed))
    return { violations, counts: world.counts, history: world.history }
  } finally {
    giveBackClocks()
  }
}

function setupOf(world: World, seed: number): Setup {
  const random = world.random('setup')
  const pays = paysIn(seed)
  const sweeps = random.chance(0.7)
  return {
    // An order that waits for its money is ended by the sweeper alone.
    ...{ pays, sweeps: sweeps || pays, sweepAfterSeconds: 30, sweepIntervalMs: 10_000 },
    holdSeconds: random.chance(pays ? 0.6 : 0.3) ? random.integer(1, 30) : undefined,
    capturesLater: capturesLaterIn(seed),
    tells: tellsIn(seed),
    carts: hasCartsIn(seed) ? cartSetupOf(world.random('setup of carts')) : undefined,
  }
}

const cartSetupOf = (random: Random): CartSetup => ({
  paymentHoldSeconds: random.integer(5, 40),
  actionHoldSeconds: random.integer(20, 60),
  offlineHoldSeconds: random.chance(0.5) ? random.integer(20, 60) : undefined,
  pricesIncludeTax: random.chance(0.5),
  hasSale: random.chance(0.4),
})

async function play(world: World, seed: number, plan: Plan): Promise<readonly string[]> {
  const { time } = world
  const shop = newShop(world, setupOf(world, seed))
  const { parts, fleet, database } = shop
  const productIds = await stockShelves(parts)
  await hangPriceTags(parts)
  if (parts.setup.tells) await addEndpoints(parts)
  fleet.startAll(processNames(seed))
  const clients = newClients(parts, productIds)
  const desk = newDesk(parts, productIds)
  const promise = watchPromise(parts)
  const fate = strikes({ ...parts, fleet, database, impaired: promise.impaired })
  const actors = { client: clients.act, desk: desk.act, ...fate }
  for (const { at, step } of plan) time.after(at, () => act(actors, step))
  const healAt = time.now() + lastMoment(plan)
  await runWatching(healAt)
  database.awayUntil = 0
  parts.faults.disarm()
  parts.broker.faults.heal()
  parts.provider.faults.heal()
  parts.mailServer.heal()
  parts.receiver.heal()
  compareTheDay(parts)
  fleet.heal()
  parts.broker.handOut()
  promise.impaired(60_000)
  await rest(time.now() + drainMs)
  await runWatching(time.now() + afterglowMs)
  // What came at the end of that is not judged while it is under way.
  const left = await rest(time.now() + drainMs)
  const restless = left.map((what) => `not at rest ${drainMs / 1_000} s after the last fault: ${what}`)
  const judged = await judge({
    world,
    stores: parts.stores,
    broker: parts.broker,
    answered: clients.answered,
    invented: desk.invented,
    snapshots: parts.provider.snapshots(),
    mailServer: parts.mailServer,
    receiver: parts.receiver,
    setup: parts.setup,
  })
  tally(world, parts.stores)
  return [...promise.broken(), ...restless, ...judged]

  async function rest(deadline: number): Promise<readonly string[]> {
    let left = await unrest(parts, clients, desk)
    while (left.length > 0 && time.now() < deadline) {
      await resumeEndpoints(parts) // an answer that was under way may have paused one just now
      await runWatching(time.now() + lookEveryMs)
      left = await unrest(parts, clients, desk)
    }
    return left
  }

  async function runWatching(until: number): Promise<void> {
    while (time.now() < until) {
      await time.runUntil(Math.min(until, time.now() + lookEveryMs))
      await promise.look()
    }
  }
}

/**
 * The time of the last fault or step. It includes a long absence of the broker, in which the sweeper must do the work.
 */
function lastMoment(plan: Plan): number {
  const end = ({ at, step }: Planned): number => at + (step.do === 'broker away' ? step.ms : 0)
  return Math.max(0, ...plan.map(end)) + 1_000
}
