import { setTimeout as sleep } from 'node:timers/promises'
import type { Server } from '@grpc/grpc-js'
import { HealthImplementation } from 'grpc-health-check'
import { systemCall } from '../platform/call.ts'
import type { Scope } from '../platform/run.ts'
import type { Health } from '../platform/service.ts'

/** A load balancer that asks every few seconds learns of an outage at its next question. */
const askEveryMs = 2_000

/** Says of the server and of each service of it whether the service is ready, as /readyz does. */
export async function serveHealth(
  scope: Scope,
  server: Server,
  names: readonly string[],
  health: Health,
): Promise<{ readonly stop: () => void }> {
  const told = new HealthImplementation({})
  const tell = (isReady: boolean): void => {
    for (const name of ['', ...names]) told.setStatus(name, isReady ? 'SERVING' : 'NOT_SERVING')
  }
  tell(await isReady(health))
  told.addToServer(server)
  const stopped = new AbortController()
  const keepTelling = async (): Promise<void> => {
    let before: boolean | undefined
    while (await pause(stopped.signal)) {
      const now = await isReady(health)
      if (now !== before && !stopped.signal.aborted) tell(now)
      before = now
    }
  }
  scope.watch('grpc health', keepTelling())
  return {
    stop() {
      stopped.abort()
      tell(false)
    },
  }
}

async function isReady(health: Health): Promise<boolean> {
  try {
    const { checks } = await health.checkReadiness({}, systemCall(''))
    return checks.every(({ ready }) => ready)
  } catch {
    return false // the service's own log says why
  }
}

/** False when it was stopped. */
const pause = (signal: AbortSignal): Promise<boolean> =>
  sleep(askEveryMs, true, { signal, ref: false }).catch(() => false)
