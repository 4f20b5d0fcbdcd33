import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { sandboxWebhookSecret } from '../../internal/config/sandbox-settings.ts'
import { freePort } from '../../internal/local/system.ts'
import { noFaults, type Faults } from '../../internal/payment-sandbox/domain/faults.ts'
import type { Scope } from '../../internal/platform/run.ts'
import type { Settings } from '../shared/constellation.ts'
import type { Charge } from './charges.ts'
import type { Provider } from './field.ts'
import { openStandIn } from './stand-in.ts'
import { waitFor } from './wait.ts'

export type ProviderOptions = {
  readonly dir: string
  readonly searchPath: string
  readonly seed: number
  /** Where it sends its webhooks. */
  readonly webhookUrl: string
}

const callWithinMs = 10_000
/** It may be away for the sake of another fault. */
const answeredWithinMs = 90_000

/** The settings by which services pay at this provider. */
export const accountAt = (url: string, shopUrl: string, isAtMollie: boolean): Settings =>
  isAtMollie
    ? { MOLLIE_API_KEY: 'test_chaos', MOLLIE_API_URL: url, PUBLIC_URL: shopUrl }
    : {
        STRIPE_SECRET_KEY: 'sk_test_chaos',
        STRIPE_WEBHOOK_SECRET: sandboxWebhookSecret,
        STRIPE_API_URL: url,
      }

/** Runs the payment sandbox in a process of its own. Its state and its faults survive its death. */
export async function openProvider(scope: Scope, options: ProviderOptions): Promise<Provider> {
  const { dir, searchPath, seed, webhookUrl } = options
  const [port, logFile] = [await freePort(), path.join(dir, 'payment-sandbox.log')]
  const [url, state] = [`http://127.0.0.1:${port}`, path.join(dir, 'payment-sandbox')]
  const env = {
    ...{ PATH: searchPath, LOG_LEVEL: 'info', SANDBOX_PORT: String(port), SANDBOX_DIR: state },
    ...{ SANDBOX_WEBHOOK_URL: webhookUrl, SANDBOX_SEED: String(seed + 1) }, // 0 would be another one each time
  }
  const runner = await openStandIn(scope, { name: 'payment-sandbox', logFile, url, env })
  return {
    ...runner,
    url,
    ...callsTo(url),
    journal: () => readFile(path.join(state, 'journal.jsonl'), 'utf8'),
  }
}

function callsTo(url: string): Pick<Provider, 'misbehave' | 'charges' | 'act'> {
  let faults: Faults = noFaults
  const call = <Answer>(path: string, body?: object): Promise<Answer> =>
    waitFor(`the payment sandbox answers ${path}`, answeredWithinMs, async () => {
      const answer = await fetch(`${url}${path}`, {
        ...(body ? { method: 'PUT', body: JSON.stringify(body) } : {}),
        signal: AbortSignal.timeout(callWithinMs),
      })
      if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`)
      return (await answer.json()) as Answer // the caller knows the route
    })
  return {
    misbehave(change) {
      const { lateCapture } = faults // banks are late for as long as there are customers
      faults = change === undefined ? { ...noFaults, lateCapture } : { ...faults, ...change }
      return call('/control', faults)
    },
    async act(ref, what, body) {
      const answer = await fetch(`${url}/control/charges/${ref}/${what}`, {
        ...{ method: 'POST', body: JSON.stringify(body), signal: AbortSignal.timeout(callWithinMs) },
      })
      if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`)
    },
    charges: async () => (await call<{ readonly data: readonly Charge[] }>('/control/charges')).data,
  }
}
