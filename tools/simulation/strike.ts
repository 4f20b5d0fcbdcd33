import type { StreamName } from '../../internal/platform/streams.ts'
import type { ArmedFaults } from './armed-faults.ts'
import type { Broker } from './broker.ts'
import type { Fleet } from './fleet.ts'
import type { Database } from './network.ts'
import type { ProcessStep, SystemStep } from './steps.ts'
import type { Process } from './process.ts'
import type { SimulatedProvider } from './provider.ts'
import type { World } from './world.ts'

type Deps = {
  readonly world: World
  readonly fleet: Fleet
  readonly broker: Broker
  readonly faults: ArmedFaults
  readonly database: Database
  readonly provider: SimulatedProvider
  /** Suspends the promise of a decision within a minute for this time. */
  readonly impaired: (ms: number) => void
}

/** Long enough to repair what a fault has broken and to try again. */
const aftermathMs = 20_000

/** Makes the faults of the plan happen. A fault is counted when it has struck and not when it was planned. */
export function strikes(deps: Deps) {
  const { world, faults } = deps
  function told(step: ProcessStep | SystemStep, isStruck: boolean): void {
    if (!isStruck) return
    world.tell('fate', () => `✗ ${JSON.stringify(step)}`)
    world.count(step.do)
  }
  return {
    process: (step: ProcessStep): void => {
      if ('times' in step) faults.arm(step.do, step.process, step.times)
      else told(step, strikeProcess(deps, step))
    },
    system: (step: SystemStep): void => told(step, strikeAll(deps, step)),
  }
}

type Struck = Extract<ProcessStep, { readonly ms: number }>

function strikeProcess({ world, fleet, broker, impaired }: Deps, step: Struck): boolean {
  const process = fleet.process(step.process)
  if (!process?.alive) return false
  const until = world.time.now() + step.ms
  if (step.do !== 'lose the locks') impaired(Math.abs(step.ms) + aftermathMs)
  switch (step.do) {
    case 'crash':
      fleet.kill(process, step.ms)
      return true
    case 'stop':
      fleet.stop(process, step.ms)
      return true
    case 'stall':
      Object.assign(process, { stalledSince: world.time.now(), stalledUntil: until })
      world.time.after(step.ms + 1, broker.handOut)
      return true
    case 'slow':
      process.slowUntil = until
      return true
    case 'cut off':
      broker.faults.cutOff(process, step.ms)
      return true
    case 'step the clock':
      process.clockMs += step.ms
      return true
    case 'lose the locks':
      return loseLocks(process, until)
  }
}

function loseLocks(process: Process, until: number): boolean {
  if (process.kind !== 'producer' || process.locksLostUntil > 0) return false
  process.locksLostUntil = until
  return true
}

function strikeAll(deps: Deps, step: SystemStep): boolean {
  const { world, broker, database, impaired, provider } = deps
  const random = world.random('strikes')
  const streamNames: readonly StreamName[] = ['ORDERS', 'STOCK']
  switch (step.do) {
    case 'database away':
      impaired(step.ms + aftermathMs)
      database.awayUntil = world.time.now() + step.ms
      return true
    case 'broker away':
      broker.faults.goAway(step.ms)
      return true
    case 'stream full':
      broker.faults.fill(step.ms)
      return true
    case 'reorder':
      broker.faults.shuffle(step.ms)
      return true
    case 'wipe the store':
      broker.faults.wipe()
      return true
    case 'keep a copy':
      broker.faults.keepCopy()
      return true
    case 'put the copy back':
      return broker.faults.putBack()
    case 'restart the broker':
      broker.faults.goAway(random.integer(0, 500))
      return true
    case 'delete a stream':
      return broker.faults.deleteStream(random.pick(streamNames))
    case 'delete the consumers':
      return broker.faults.deleteDurables(random.pick(streamNames))
    case 'redeliver everything':
      return broker.faults.redeliver()
    case 'provider away':
      provider.faults.calls('away', step.ms)
      return true
    case 'provider fails':
      provider.faults.calls('failing', step.ms)
      return true
    case 'provider hangs':
      provider.faults.calls('hanging', step.ms)
      return true
    case 'webhooks spoiled':
      provider.faults.webhooks(step.ms)
      return true
  }
}
