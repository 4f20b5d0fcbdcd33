import type { Container, Containers, ContainerState } from './containers.ts'
import { waitFor } from '../chaos/wait.ts'

const lookEveryMs = 500

/** What is wrong with each container. One that nothing checks is a step of the start, and must have ended well. */
export async function findSick(containers: Containers): Promise<readonly string[]> {
  const all = await containers.all()
  if (all.length === 0) return ['there is no container']
  const complaints = await Promise.all(
    all.map(async (container) => complaintOf(container, await containers.stateOf(container))),
  )
  return complaints.flatMap((complaint) => complaint ?? [])
}

function complaintOf({ name }: Container, state: ContainerState): string | undefined {
  const { isRunning, exitCode, health, said } = state
  if (health === undefined) {
    if (isRunning) return `${name} is running, and has neither ended nor a health check`
    return exitCode === 0 ? undefined : `${name} ended with ${exitCode}`
  }
  if (!isRunning) return `${name} is not running`
  return health === 'healthy' ? undefined : `${name} is ${health}${said === '' ? '' : ` (${said})`}`
}

/** Resolves with how long it took. */
export async function becomeHealthy(
  containers: Containers,
  withinMs: number,
  tell: (remark: string) => void,
): Promise<number> {
  const startedAt = performance.now()
  let sick: readonly string[] = []
  const look = async (): Promise<boolean> => {
    sick = await findSick(containers)
    tell(sick[0] ?? 'all are healthy')
    return sick.length === 0
  }
  await waitFor('every container is healthy', withinMs, look, lookEveryMs).catch((err: unknown) => {
    throw new Error([String(err), ...sick].join('\n'))
  })
  return performance.now() - startedAt
}

/** Resolves when the container has been started again since `state` was seen. */
export async function becomesAnother(
  containers: Containers,
  container: Container,
  before: ContainerState,
  withinMs: number,
): Promise<void> {
  await waitFor(
    `${container.name} is started again`,
    withinMs,
    async () => {
      const { isRunning, startedAt } = await containers.stateOf(container)
      return isRunning && startedAt !== before.startedAt
    },
    lookEveryMs,
  )
}
