import { execFile, spawnSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'

/** A user of this machine, in the form that a child process takes. */
export type SystemUser = {
  readonly uid: number
  readonly gid: number
}

export const execute = promisify(execFile)

/** Returns a port that is free at this moment. Another process may take it before it is used. */
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

/** Returns undefined when there is no such process or only its zombie. */
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

/** Distinguishes a process from a later one with the same id. Returns undefined when there is none. */
export async function startTime(pid: number): Promise<string | undefined> {
  if (process.platform !== 'linux') {
    return execute('ps', ['-o', 'lstart=', '-p', String(pid)]).then(
      ({ stdout }) => stdout.trim() || undefined,
      () => undefined,
    )
  }
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  // The second field is the program's name in parentheses, which may contain anything. The start time is the 22nd
  // field.
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
}

/** Polls until `isDone`, for conditions that have no event. Returns false when the time is over. */
export async function until(isDone: () => Promise<boolean>, timeoutMs: number): Promise<boolean> {
  const deadline = performance.now() + timeoutMs
  while (!(await isDone())) {
    if (performance.now() > deadline) return false
    await sleep(20)
  }
  return true
}

/** Runs a test in /bin/sh as another user, as in `mayUser(user, '[ -x "$1" ]', file)`. */
export function mayUser(user: SystemUser | undefined, test: string, file: string): boolean {
  return spawnSync('/bin/sh', ['-c', test, 'sh', file], { ...user, cwd: '/', stdio: 'ignore' }).status === 0
}

export function errorCode(err: unknown): string {
  return err instanceof Error && 'code' in err ? String(err.code) : String(err)
}
