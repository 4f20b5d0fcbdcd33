import { setTimeout as sleep } from 'node:timers/promises'
import type { Random } from '../shared/random.ts'
import type { People } from './people/people.ts'
import type { Shoppers } from './shoppers.ts'

export type LoadOptions = {
  readonly shoppers: Shoppers
  readonly people?: People
  readonly random: Random
  readonly seconds: number
  /** The highest number of orders per second. */
  readonly rate: number
  readonly flashBuyers: number
}

const tickMs = 20
const adjustmentsPerSecond = 2
const peoplePerSecond = 1
/** Faults may outlast the wanted time by minutes. Then fewer come, so that the streams have room for all of it. */
const shareAfterwards = 0.6
/** How long each rate lasts. */
const spellMs = 5_000
const flashAt = 0.4
const flashMs = 2_000

/** Lets buyers arrive at a changing rate until `isOver`. They do not wait for those before them. */
export async function runLoad(options: LoadOptions, isOver: () => boolean): Promise<void> {
  const { shoppers, people, random, seconds, rate, flashBuyers } = options
  const startedAt = performance.now()
  const flashFrom = seconds * 1_000 * flashAt
  let [spellEnds, perSecond, lastAt, orders, adjustments, arrivals, rushed] = [0, 0, 0, 0, 0, 0, 0]
  while (!isOver()) {
    const now = performance.now() - startedAt
    if (now >= spellEnds) {
      spellEnds = now + spellMs
      const most = now < seconds * 1_000 ? rate : Math.ceil(rate * shareAfterwards)
      perSecond = random.integer(Math.ceil(most / 3), most)
    }
    const passed = (now - lastAt) / 1_000
    lastAt = now
    for (orders += perSecond * passed; orders >= 1; orders--) shoppers.arrive()
    for (adjustments += adjustmentsPerSecond * passed; adjustments >= 1; adjustments--) shoppers.adjust()
    for (arrivals += peoplePerSecond * passed; arrivals >= 1; arrivals--) people?.arrive()
    const due = Math.min(1, Math.max(0, now - flashFrom) / flashMs) * flashBuyers
    for (; rushed < due; rushed++) shoppers.rush()
    await sleep(tickMs)
  }
}
