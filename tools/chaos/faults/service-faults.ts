import { setTimeout as sleep } from 'node:timers/promises'
import type { Failpoint } from '../../../internal/platform/failpoint.ts'
import { NotExercised } from '../not-exercised.ts'
import type { Fault, Field, Service } from '../field.ts'
import { isGone, waitFor } from '../wait.ts'
import { durableOf, withManager } from './broker-access.ts'
import { query } from '../../shared/database.ts'
import { pidOf } from './process-faults.ts'

/** The service that passes each failpoint when every service has a process of its own. */
const serviceOf: Readonly<Record<Failpoint, string>> = {
  'insert-commit': 'inventory',
  'commit-wake': 'order',
  'publish-mark': 'producer',
  'effect-ack': 'consumer',
  'reserve-settle': 'order',
  'lock-order': 'order',
  'redeem-settle': 'order',
  'begin-mark': 'order',
  'cart-mark': 'order',
  'file-commit': 'order',
  'release-mark': 'order',
  'gate-closed': 'order',
  'money-recorded': 'order',
  'goods-credited': 'order',
  'gate-reopened': 'order',
  'paid-receipt': 'order',
  'receipt-mark': 'order',
  'intent-call': 'payment',
  'answer-commit': 'payment',
  'inbox-effect': 'payment',
  'send-answer': 'notification',
  'webhook-answer': 'notification',
  'image-stored': 'gateway',
  'erase-confirm': 'order',
}

/** So few orders are paid for that these are passed now and then only. */
const rare: readonly Failpoint[] = ['gate-closed', 'intent-call', 'answer-commit', 'inbox-effect']
/** Whoever is late, pays by invoice, is short of a unit or wants to be erased comes every few seconds at best. */
const rarest: readonly Failpoint[] = [
  ...(['gate-reopened', 'money-recorded', 'goods-credited', 'erase-confirm'] as const),
]

const [deathWithinMs, rarestWithinMs] = [45_000, 180_000]

/** Replaces all replicas by one that dies at the failpoint, because otherwise a healthy replica could do its work. */
export const dieAt =
  (failpoint: Failpoint): Fault =>
  async ({ services }, random) => {
    const victims = services.filter(({ service }) => service === 'stack' || service === serviceOf[failpoint])
    const [victim] = victims
    if (!victim) throw new NotExercised(`no service passes ${failpoint}`)
    const withinMs = rarest.includes(failpoint) ? rarestWithinMs : deathWithinMs
    const passage = rarest.includes(failpoint) ? 1 : random.integer(1, rare.includes(failpoint) ? 3 : 10)
    try {
      await Promise.all(victims.map((each) => each.end('SIGKILL')))
      // The process may not start while another fault concerns its servers.
      await waitFor(`${victim.name} dies at ${failpoint}`, withinMs, async () => {
        const output = await victim.dieAt(failpoint, passage, withinMs)
        return output.includes(`failpoint ${failpoint} reached`)
      })
    } finally {
      await Promise.all(victims.map((each) => each.start()))
    }
    return `${victim.name} died at its passage ${passage} of ${failpoint}`
  }

export const rollingRestart: Fault = async (field) => {
  const { services, spares } = field
  const isAlone = services.length === 1
  if (isAlone) await startAll(spares)
  for (const service of services) {
    const pid = await pidOf(service)
    await service.end('SIGTERM')
    if (!isGone(pid)) throw new NotExercised(`${service.name} (${pid}) is still there`)
    await service.start()
  }
  if (isAlone) for (const spare of spares) await spare.end('SIGTERM')
  return `${services.length} processes in turn${isAlone ? ', with a second one meanwhile' : ''}`
}

export const secondOfAll: Fault = async (field, random) => {
  try {
    await startAll(field.spares)
    const { producers, consumers } = await waitFor('two producers and two consumers', 60_000, () =>
      countReplicas(field),
    )
    await sleep(random.integer(2_000, 4_000))
    return `${producers} producers were connected and ${consumers} requests of consumers waited`
  } finally {
    const signal = random.pick(['SIGKILL', 'SIGTERM'] as const)
    await Promise.all(field.spares.map((spare) => spare.end(signal)))
  }
}

/** Counts consumers by their requests for messages, because each consumer has a request of its own. */
async function countReplicas(field: Field) {
  const [row] = await query<{ producers: number }>(
    field.databaseUrl,
    `select count(*)::int as producers from pg_stat_activity where application_name = 'tillstream producer lanes'`,
  )
  const producers = row?.producers ?? 0
  const consumers = await withManager(
    field.natsUrl,
    async (manager) => (await durableOf(manager)).num_waiting,
  )
  return producers >= 2 && consumers >= 2 && { producers, consumers }
}

const startAll = (spares: readonly Service[]): Promise<unknown> =>
  Promise.all(spares.map((spare) => spare.start()))

/** The answer takes some time, so a smaller difference than this does not count. */
const toleranceMs = 5_000

export const stepClock: Fault = async ({ services }, random) => {
  const service = random.pick(services)
  await pidOf(service)
  const offsetMs = random.integer(120, 600) * 1_000 * random.pick([1, -1])
  try {
    const told = await service.setClock(offsetMs)
    const off = told - Date.now()
    if (Math.abs(off - offsetMs) > toleranceMs)
      throw new NotExercised(`the clock of ${service.name} is off by ${off} ms, not by ${offsetMs}`)
    await sleep(random.integer(2_000, 4_000))
    return `the clock of ${service.name} was off by ${Math.round(off / 1_000)} s`
  } finally {
    await service.setClock(0)
  }
}
