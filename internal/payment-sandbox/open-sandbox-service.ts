import { randomBytes } from 'node:crypto'
import { listenError } from '../platform/listen-error.ts'
import type { Log } from '../platform/log.ts'
import type { Scope } from '../platform/run.ts'
import { seededRandom } from '../platform/seeded-random.ts'
import { createSandbox } from './domain/sandbox.ts'
import { apply } from './domain/world.ts'
import { openJournal } from './infrastructure/journal.ts'
import { listen, serve } from './infrastructure/sandbox-server.ts'
import { sendWebhooks } from './infrastructure/send-webhooks.ts'

export type SandboxSettings = {
  readonly host: string
  readonly port: number
  /** The folder of its journal. */
  readonly dir: string
  /** The address that customers' browsers reach; empty: the one on which it listens. */
  readonly publicUrl: string
  /** Where Stripe's webhooks go; empty: where they went before the restart. */
  readonly webhookUrl: string
  readonly webhookSecret: string
  /** The seed of its faults; 0: another one for each start. */
  readonly seed: number
}

/** How often it is looked at what time alone has changed. */
const tickMs = 100

/** Opens the sandbox and answers with the address on which it listens. */
export async function openSandbox(scope: Scope, log: Log, settings: SandboxSettings): Promise<string> {
  const { dir, webhookUrl, webhookSecret: secret } = settings
  const { server, url } = await listen(scope, settings).catch((err: unknown) => {
    const names = { hostSetting: 'SANDBOX_HOST', portSetting: 'SANDBOX_PORT' }
    throw listenError(err, { ...settings, ...names })
  })
  const seed = settings.seed || randomBytes(4).readUInt32BE()
  const journal = await openJournal(scope, dir, seed.toString(36))
  const { world, append } = journal
  if (webhookUrl !== '') apply(world, { table: 'webhookUrl', value: webhookUrl })
  const publicUrl = settings.publicUrl || url
  const sandbox = createSandbox({ world, random: seededRandom(seed), publicUrl })
  let fail: (err: unknown) => void = () => {}
  scope.watch('sandbox', new Promise((_resolve, reject) => void (fail = reject)))
  serve(
    server,
    log,
    async (request) => {
      const handled = sandbox.handle(request, Date.now())
      await append(handled.puts)
      return handled
    },
    (err) => fail(err),
  )
  const ticking = setInterval(() => {
    const puts = sandbox.tick(Date.now())
    if (puts.length > 0) append(puts).catch((err: unknown) => fail(err))
  }, tickMs)
  scope.onClose('clock', async () => clearInterval(ticking))
  sendWebhooks(scope, { log, journal, secret })
  return url
}
