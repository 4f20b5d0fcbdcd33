import type { Compose } from './compose.ts'
import type { Container, Containers } from './containers.ts'
import { becomeHealthy, becomesAnother } from './health.ts'

/** A report of what was done, a line each. */
export type Tell = (remark: string) => void

/** A container that ended is started at once; on a busy machine that takes a while. */
const againWithinMs = 60_000
/** PostgreSQL's recovery and the services' wait for it included. */
export const healthyWithinMs = 180_000
const scaleWithinMs = 240_000

const servers: readonly string[] = ['postgres', 'nats']

/** Each in turn, the servers last; the next one when all are healthy again. */
export async function killEach(containers: Containers, tell: Tell, report: Tell): Promise<void> {
  const isServer = ({ service }: Container): boolean => servers.includes(service)
  const running = await runningOf(containers)
  for (const container of [...running.filter((one) => !isServer(one)), ...running.filter(isServer)]) {
    tell(`${container.name}: kill -9`)
    const before = await containers.stateOf(container)
    const how = await containers.kill(container)
    await becomesAnother(containers, container, before, againWithinMs)
    const tookMs = await becomeHealthy(containers, healthyWithinMs, (remark) =>
      tell(`${container.name}: ${how} · ${remark}`),
    )
    report(`${container.name}: ${how}, all healthy after ${seconds(tookMs)}`)
  }
}

/** One service's container after another is stopped in order and started, as an upgrade does it. */
export async function restartEach(containers: Containers, tell: Tell, report: Tell): Promise<void> {
  const running = await runningOf(containers)
  for (const container of running.filter(({ service }) => !servers.includes(service))) {
    tell(`${container.name}: restarted`)
    const before = await containers.stateOf(container)
    await containers.restart(container)
    await becomesAnother(containers, container, before, againWithinMs)
    const tookMs = await becomeHealthy(containers, healthyWithinMs, (remark) =>
      tell(`${container.name}: restarted · ${remark}`),
    )
    report(`${container.name}: restarted, all healthy after ${seconds(tookMs)}`)
  }
}

/** Up to three of each, down to one, and back to two. */
export async function scaleAround(
  compose: Compose,
  containers: Containers,
  tell: Tell,
  report: Tell,
): Promise<void> {
  for (const count of [3, 1, 2]) {
    const scale = ['--scale', `order=${count}`, '--scale', `consumer=${count}`]
    tell(`to ${count}`)
    await compose.run(['up', '--detach', '--no-build', '--no-recreate', ...scale], scaleWithinMs)
    await becomeHealthy(containers, healthyWithinMs, (remark) => tell(`to ${count} · ${remark}`))
    const all = await runningOf(containers)
    for (const service of ['order', 'consumer']) {
      const there = all.filter((one) => one.service === service).length
      if (there !== count) throw new Error(`${count} of ${service} were wanted, and ${there} run`)
    }
    report(`scaled order and consumer to ${count}`)
  }
}

async function runningOf(containers: Containers): Promise<readonly Container[]> {
  const all = await containers.all()
  const states = await Promise.all(all.map(containers.stateOf))
  return all.filter((_, index) => states[index]?.isRunning)
}

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`
