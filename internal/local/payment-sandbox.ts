import { mkdir } from 'node:fs/promises'
import { createServer } from 'node:net'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Scope } from '../platform/run.ts'
import { becomesReady, logTail, spawnServer, type ServerProcess } from './server-process.ts'
import { SetupError } from './setup-error.ts'
import { errorCode, freePort } from './system.ts'

export type LocalSandboxOptions = {
  readonly dataDir: string
  /** The arguments of Node that run it. */
  readonly args: readonly string[]
  /** 0: the usual one, or a free one where that is taken. */
  readonly port: number
  readonly usualPort: number
  readonly env: Readonly<Record<string, string>>
}

export type LocalSandbox = { readonly url: string }

const readyWithinMs = 30_000
const restartAfterMs = 500
const mostRestartsInARow = 5

/** Starts the payment sandbox in a process of its own, on this machine only, and again whenever it dies. */
export async function openLocalSandbox(scope: Scope, options: LocalSandboxOptions): Promise<LocalSandbox> {
  const first = await startFirst(options)
  const { port } = first
  let { server } = first
  const closing = new AbortController()
  scope.onClose('payment sandbox', async () => {
    closing.abort()
    await server.stop('SIGTERM', 'SIGKILL')
  })
  const isClosing = (): boolean => closing.signal.aborted
  const keepRunning = async (): Promise<void> => {
    for (let failures = 0; ;) {
      await server.ended
      if (isClosing()) return
      await sleep(restartAfterMs)
      if (isClosing()) return
      try {
        server = await start(options, port)
        failures = 0
      } catch (err) {
        if (++failures === mostRestartsInARow) throw err
      }
    }
  }
  scope.watch('payment sandbox', keepRunning())
  return { url: urlOf(port) }
}

type Started = { readonly port: number; readonly server: ServerProcess }

/** A port that was asked for must be free; the usual one is replaced by a free one when it is taken. */
async function startFirst(options: LocalSandboxOptions): Promise<Started> {
  const { port, usualPort } = options
  if (port !== 0) {
    if (!(await isFree(port)))
      throw new SetupError(`port ${port} of 127.0.0.1 is taken; set SANDBOX_PORT to a free one`)
    return { port, server: await start(options, port) }
  }
  if (await isFree(usualPort)) {
    try {
      return { port: usualPort, server: await start(options, usualPort) }
    } catch (err) {
      if (await isFree(usualPort)) throw err // it was not for the port, which another stack may have taken meanwhile
    }
  }
  const free = await freePort()
  return { port: free, server: await start(options, free) }
}

const urlOf = (port: number): string => `http://127.0.0.1:${port}`

async function start({ dataDir, args, env }: LocalSandboxOptions, port: number): Promise<ServerProcess> {
  const dir = path.join(dataDir, 'payment-sandbox')
  await mkdir(dir, { recursive: true, mode: 0o700 })
  const logFile = path.join(dir, 'log')
  const own = { SANDBOX_HOST: '127.0.0.1', SANDBOX_PORT: String(port), SANDBOX_DIR: dir }
  const server = await spawnServer({
    file: process.execPath,
    args,
    logFile,
    own: { cwd: process.cwd(), env: { ...env, ...own } },
    lastSignal: 'SIGTERM',
  })
  const isReady = async (): Promise<boolean> => (await pidAt(port)) === server.pid
  if (await becomesReady(server, isReady, readyWithinMs)) return server
  await server.kill()
  throw new SetupError(`The payment sandbox did not start; the end of ${logFile}:\n${logTail(logFile)}`)
}

/** The process that answers there: it may be another stack's. */
async function pidAt(port: number): Promise<unknown> {
  try {
    const answer = await fetch(`${urlOf(port)}/healthz`, { signal: AbortSignal.timeout(1_000) })
    return ((await answer.json()) as { readonly pid?: unknown }).pid
  } catch {
    return undefined // nobody listens there yet
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer()
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, '127.0.0.1', resolve)
    })
    return true
  } catch (err) {
    if (errorCode(err) === 'EADDRINUSE' || errorCode(err) === 'EACCES') return false
    throw err
  } finally {
    if (server.listening) await new Promise((resolve) => server.close(resolve))
  }
}
