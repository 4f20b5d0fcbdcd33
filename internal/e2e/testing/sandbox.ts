import { type Test } from 'tap'
import { freePort } from '../../local/system.ts'
import { openManyProcesses, type Shop } from './shop.ts'
import { spawnMain, type Spawned } from './spawned.ts'

/** The payment sandbox in a process of its own. */
export type TestSandbox = {
  readonly url: string
  readonly process: Spawned
  /** Starts it again on the same state and port, after it was ended. */
  readonly restart: () => Promise<TestSandbox>
  /** A call of its own routes; throws for an answer that is no success. */
  readonly control: <Answer = unknown>(method: string, path: string, body?: object) => Promise<Answer>
}

type Options = {
  readonly port?: number
  readonly dir?: string
  readonly env?: Readonly<Record<string, string>>
}

export async function openSandbox(t: Test, options: Options = {}): Promise<TestSandbox> {
  const { port = await freePort(), dir = t.testdir(), env = {} } = options
  const spawned = spawnMain(t, 'cmd/payment-sandbox', {
    SANDBOX_PORT: String(port),
    SANDBOX_DIR: dir,
    LOG_LEVEL: 'info',
    ...env,
  })
  await spawned.says(/"msg":"started"/)
  const url = `http://127.0.0.1:${port}`
  return {
    url,
    process: spawned,
    restart: () => openSandbox(t, { ...options, port, dir }),
    async control<Answer>(method: string, path: string, body?: object) {
      const answer = await fetch(`${url}${path}`, {
        method,
        ...(body ? { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } } : {}),
      })
      if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
      return (await answer.json()) as Answer // the caller knows the route
    },
  }
}

/** A shop in many processes with the sandbox as its provider, which sends its webhooks to the gateway. */
export async function openManyAtSandbox(
  t: Test,
  settings: Readonly<Record<string, string>> = {},
): Promise<{ readonly shop: Shop; readonly sandbox: TestSandbox }> {
  const sandbox = await openSandbox(t)
  const shop = await openManyProcesses(t, {
    ...{ STRIPE_API_URL: sandbox.url, STRIPE_SECRET_KEY: 'sk_test_sandbox' },
    STRIPE_WEBHOOK_SECRET: 'whsec_sandbox',
    ...settings,
  })
  await sandbox.control('PUT', '/control/webhook', { url: `${shop.url}/webhooks/stripe` })
  return { shop, sandbox }
}

/** The customer's answer on the sandbox's page; resolves with the address to which he is sent. */
export async function answerPage(pageUrl: string, answer: 'approve' | 'decline'): Promise<string | null> {
  const sent = await fetch(`${pageUrl}/${answer}`, { method: 'POST', redirect: 'manual' })
  if (sent.status !== 303) throw new Error(`${pageUrl}/${answer}: ${sent.status}`)
  return sent.headers.get('location')
}
