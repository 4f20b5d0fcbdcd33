import { mkdir } from 'node:fs/promises'
import { createServer } from 'node:net'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Scope } from '../platform/run.ts'
import { becomesReady, logTail, spawnServer, type ServerProcess } from './server-process.ts'
import { SetupError } from './setup-error.ts'
import { errorCode, freePort } from './system.ts'

/** A program of ours that runs beside the stack, because it stands in for somebody else. */
export type LocalProgram = {
  /** What people call it, and the name of its folder in DATA_DIR. */
  readonly name: string
  readonly folder: string
  readonly dataDir: string
  /** The arguments of Node that run it. */
  readonly args: readonly string[]
  /** Its ports. The first one answers `GET /healthz`. */
  readonly ports: readonly LocalPort[]
  /** Its environment, but for its ports and its folder. */
  readonly env: (dir: string) => Readonly<Record<string, string>>
}

export type LocalPort = {
  /** The variable that sets it. */
  readonly setting: string
  /** 0: the usual one, or a free one where that is taken. */
  readonly port: number
  readonly usualPort: number
}

export type OpenProgram = {
  readonly url: string
  /** As they were declared. */
  readonly ports: readonly number[]
}

const readyWithinMs = 30_000
const restartAfterMs = 500
const mostRestartsInARow = 5

/** Starts it in a process of its own, on this machine only, and again whenever it dies. */
export async function openLocalProgram(scope: Scope, program: LocalProgram): Promise<OpenProgram> {
  const { name } = program
  const first = await startFirst(program)
  const { ports } = first
  let { server } = first
  const closing = new AbortController()
  scope.onClose(name, async () => {
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
        server = await start(program, ports)
        failures = 0
      } catch (err) {
        if (++failures === mostRestartsInARow) throw err
      }
    }
  }
  scope.watch(name, keepRunning())
  return { url: urlOf(ports), ports }
}

type Started = { readonly ports: readonly number[]; readonly server: ServerProcess }

/** A port that was asked for must be free; the usual one is replaced by a free one when it is taken. */
async function startFirst(program: LocalProgram): Promise<Started> {
  const ports = await choosePorts(program)
  try {
    return { ports, server: await start(program, ports) }
  } catch (err) {
    const others = await choosePorts(program)
    // It was not for a port, which another stack may have taken meanwhile.
    if (others.every((port, index) => port === ports[index])) throw err
    return { ports: others, server: await start(program, others) }
  }
}

async function choosePorts({ ports }: LocalProgram): Promise<readonly number[]> {
  const chosen: number[] = []
  for (const { setting, port, usualPort } of ports) {
    if (port !== 0 && !(await isFree(port)))
      throw new SetupError(`port ${port} of 127.0.0.1 is taken; set ${setting} to a free one`)
    chosen.push(port !== 0 ? port : (await isFree(usualPort)) ? usualPort : await freePort())
  }
  return chosen
}

const urlOf = ([port]: readonly number[]): string => `http://127.0.0.1:${String(port)}`

async function start(
  { name, folder, dataDir, args, ports: declared, env }: LocalProgram,
  ports: readonly number[],
): Promise<ServerProcess> {
  const dir = path.join(dataDir, folder)
  await mkdir(dir, { recursive: true, mode: 0o700 })
  const logFile = path.join(dir, 'log')
  const own = Object.fromEntries(declared.map(({ setting }, index) => [setting, String(ports[index])]))
  const server = await spawnServer({
    file: process.execPath,
    args,
    logFile,
    own: { cwd: process.cwd(), env: { ...env(dir), ...own } },
    lastSignal: 'SIGTERM',
  })
  const isReady = async (): Promise<boolean> => (await pidAt(ports)) === server.pid
  if (await becomesReady(server, isReady, readyWithinMs)) return server
  await server.kill()
  throw new SetupError(`The ${name} did not start; the end of ${logFile}:\n${logTail(logFile)}`)
}

/** The process that answers there: it may be another stack's. */
async function pidAt(ports: readonly number[]): Promise<unknown> {
  try {
    const answer = await fetch(`${urlOf(ports)}/healthz`, { signal: AbortSignal.timeout(1_000) })
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
