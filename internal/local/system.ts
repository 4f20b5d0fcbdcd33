import { execFile, spawnSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'

/** A user of this machine, as a child process wants it. */
export type SystemUser = {
  readonly uid: number
  readonly gid: number
}

export const execute = promisify(execFile)

/** Free at this moment: whoever uses it must be ready to lose the race. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('a TCP server without a port')
  return address.port
}

/** Undefined when there is no such process, or only its zombie. */
export async function commandLine(pid: number): Promise<string | undefined> {
  const text =
    process.platform === 'linux'
      ? await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
      : await execute('ps', ['-o', 'command=', '-p', String(pid)]).then(
          ({ stdout }) => stdout,
          () => '',
        )
  return text.replaceAll('\0', ' ').trim() || undefined
}

/** Tells a process from a later one under the same id. Undefined when there is none. */
export async function startTime(pid: number): Promise<string | undefined> {
  if (process.platform !== 'linux') {
    return execute('ps', ['-o', 'lstart=', '-p', String(pid)]).then(
      ({ stdout }) => stdout.trim() || undefined,
      () => undefined,
    )
  }
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  // The second field is the program's name in parentheses and may hold anything; the start time is the 22nd.
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
}

/** Polls, for things that have no event. */
export async function until(isDone: () => Promise<boolean>, timeoutMs: number): Promise<boolean> {
  const deadline = performance.now() + timeoutMs
  while (!(await isDone())) {
    if (performance.now() > deadline) return false
    await sleep(20)
  }
  return true
}

/** Runs a test of /bin/sh as another user: `mayUser(user, '[ -x "$1" ]', file)`. */
export function mayUser(user: SystemUser | undefined, test: string, file: string): boolean {
  return spawnSync('/bin/sh', ['-c', test, 'sh', file], { ...user, cwd: '/', stdio: 'ignore' }).status === 0
}

export function errorCode(err: unknown): string {
  return err instanceof Error && 'code' in err ? String(err.code) : String(err)
}
