import { spawnServer } from '../../internal/local/server-process.ts'
import type { Scope } from '../../internal/platform/run.ts'
import type { Settings } from '../shared/constellation.ts'
import type { Runner } from './runner-port.ts'
import { openRunner } from './runner.ts'
import { waitFor } from './wait.ts'

export type StandInOptions = {
  /** The folder in cmd/. */
  readonly name: string
  readonly logFile: string
  /** Where it takes requests. */
  readonly url: string
  readonly env: Settings
}

const readyWithinMs = 180_000
const callWithinMs = 10_000

/**
 * Runs something that stands in for somebody else's server, in a process of its own. It is ready when its health tells its
 * own process id.
 */
export async function openStandIn(scope: Scope, options: StandInOptions): Promise<Runner> {
  const { name, logFile, url, env } = options
  const runner = openRunner(name, logFile, async () => {
    const args = [`dist/cmd/${name}/main.js`]
    const own = { cwd: process.cwd(), env }
    const child = await spawnServer({ file: process.execPath, args, logFile, lastSignal: 'SIGKILL', own })
    const isReady = waitFor(`the ${name} starts`, readyWithinMs, async () => {
      const answer = await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(callWithinMs) })
      return ((await answer.json()) as { readonly pid?: number }).pid === child.pid
    })
    const ended = child.ended.then(() => Promise.reject(new Error(`the ${name} has ended`)))
    await Promise.race([isReady, ended]).catch(async (err: unknown) => {
      await child.kill()
      throw err
    })
    ended.catch(() => undefined) // from now on its end is the runner's business
    return child
  })
  scope.onClose(name, () => runner.end('SIGKILL'))
  await runner.start()
  return runner
}
