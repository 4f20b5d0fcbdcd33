import { systemCall } from '../platform/call.ts'
import type { Nats } from '../platform/nats.ts'
import type { Health } from '../platform/service.ts'
import { within } from './within.ts'

export type Readings = { readonly ready: boolean; readonly checks: readonly Check[] }

type Check = { readonly name: string; readonly ready: boolean; readonly detail: string }

export type Readiness = {
  /** Asks all services and NATS. */
  readonly read: (requestId: string) => Promise<Readings>
  /**
   * The same for everybody who asks within a moment, because anybody may ask as often as he likes and every question
   * goes to all databases.
   */
  readonly readShared: (requestId: string) => Promise<Readings>
}

/** Shorter than the timeout of common probes. */
const readinessTimeoutMs = 1_000
/** Much shorter than the interval of common probes. */
const sharedForMs = 250

export function openReadiness(health: Readonly<Record<string, Health>>, nats: Nats | undefined): Readiness {
  let shared: Promise<Readings> | undefined
  let sharedUntilMs = 0

  async function read(requestId: string): Promise<Readings> {
    const asked = Object.entries(health).map(([name, one]) => askOne(name, one, requestId))
    const checks = [...(await Promise.all(asked)).flat(), ...natsChecks(nats)]
    return { ready: checks.every((check) => check.ready), checks }
  }

  return {
    read,
    readShared(requestId) {
      if (shared && performance.now() < sharedUntilMs) return shared
      const reading = read(requestId).finally(() => (sharedUntilMs = performance.now() + sharedForMs))
      sharedUntilMs = Infinity
      shared = reading
      return reading
    },
  }
}

async function askOne(
  service: string,
  { checkReadiness }: Health,
  requestId: string,
): Promise<readonly Check[]> {
  try {
    const { checks } = await within(readinessTimeoutMs, checkReadiness({}, systemCall(requestId)))
    return checks
  } catch {
    return [{ name: service, ready: false, detail: 'the service does not answer' }]
  }
}

function natsChecks(nats: Nats | undefined): readonly Check[] {
  if (!nats) return []
  const ready = nats.isConnected()
  return [{ name: 'nats', ready, detail: ready ? '' : 'not connected' }]
}
