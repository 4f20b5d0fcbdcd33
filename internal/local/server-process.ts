import { spawn, type ChildProcess } from 'node:child_process'
import { closeSync, fchmodSync, openSync, readFileSync, statSync, truncateSync } from 'node:fs'
import { once } from 'node:events'
import { Socket } from 'node:net'
import { commandLine, until, type SystemUser } from './system.ts'

/** A server that runs beside this process. It is stopped when this process ends, even by `kill -9`. */
export type ServerProcess = {
  readonly pid: number
  /** Resolves when the server has ended for any reason. */
  readonly ended: Promise<void>
  /** Sends the first signal and, after a while, the second one. Resolves when the server has ended. */
  readonly stop: (ask: NodeJS.Signals, insist: NodeJS.Signals) => Promise<void>
  readonly kill: () => Promise<void>
}

type Command = {
  readonly file: string
  readonly args: readonly string[]
  readonly logFile: string
  readonly user?: SystemUser | undefined
  /** For our own programs, which need a working directory and settings. */
  readonly own?: { readonly cwd: string; readonly env: Readonly<Record<string, string>> } | undefined
  /** The signal that the server gets when this process is gone. */
  readonly lastSignal: NodeJS.Signals
}

/** A stop may take ten seconds, of which the services need the rest. */
const patienceMs = 5_000

/** The servers get only these variables, so that no setting of the user's shell changes what they do. */
const serverEnv = { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' }

const largestLogBytes = 10_485_760

export async function spawnServer(command: Command): Promise<ServerProcess> {
  const log = openLog(command.logFile)
  // The server has a process group of its own, so that Ctrl-C does not reach it before the services have stopped.
  const child = spawn(command.file, command.args, {
    ...command.user,
    ...(command.own ?? { cwd: '/', env: serverEnv }),
    detached: true,
    stdio: ['ignore', log, log],
  })
  closeSync(log)
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  await once(child, 'spawn')
  child.unref() // the server must not keep this process alive; only `kill` and `stop` do
  const pid = pidOf(child)
  const standDown = watch(pid, command.lastSignal)
  void ended.then(standDown)
  return {
    pid,
    ended,
    async kill() {
      child.ref()
      child.kill('SIGKILL')
      await ended
    },
    async stop(ask, insist) {
      child.ref()
      child.kill(ask)
      const timer = setTimeout(() => void child.kill(insist), patienceMs)
      await ended
      clearTimeout(timer)
    },
  }
}

/**
 * Starts a shell that signals the server when our end of a pipe is closed. The kernel closes it even after `kill -9`.
 * The returned function ends the shell without a signal.
 */
function watch(pid: number, signal: NodeJS.Signals): () => void {
  const script = 'read -r word; [ "$word" = done ] || kill -s "$2" "$1"'
  const shell = spawn('/bin/sh', ['-c', script, 'sh', String(pid), signal.replace('SIG', '')], {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  shell.unref()
  shell.stdin.on('error', () => {})
  if (shell.stdin instanceof Socket) shell.stdin.unref()
  return () => void shell.stdin.end('done\n')
}

/** Returns false when the server ended instead or took too long. */
export async function becomesReady(
  server: ServerProcess,
  isReady: () => Promise<boolean>,
  timeoutMs: number,
): Promise<boolean> {
  const end = { hasCome: false }
  void server.ended.then(() => (end.hasCome = true))
  return (await until(async () => end.hasCome || (await isReady()), timeoutMs)) && !end.hasCome
}

/** Ends a server that outlived its process. `mark` is a text that only this server has in its command line. */
export async function endOrphan(pid: number, mark: string, ask: NodeJS.Signals, insist: NodeJS.Signals) {
  const isGone = async (): Promise<boolean> => !(await commandLine(pid))?.includes(mark)
  for (const signal of [ask, insist]) {
    if (await isGone()) return
    process.kill(pid, signal)
    await until(isGone, patienceMs)
  }
}

/** The last lines of a log, for the message about a server that did not start. */
export function logTail(file: string, lines = 8): string {
  return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-lines).join('\n')
}

function openLog(file: string): number {
  const log = openSync(file, 'a')
  fchmodSync(log, 0o600)
  if (statSync(file).size > largestLogBytes) truncateSync(file)
  return log
}

function pidOf(child: ChildProcess): number {
  if (child.pid === undefined) throw new Error('the server process has no id')
  return child.pid
}
