import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { NotExercised } from './not-exercised.ts'
import type { Service } from './field.ts'
import { waitFor } from './wait.ts'
import { until } from '../shared/wait.ts'
import { spawnServer, type ServerProcess } from '../../internal/local/server-process.ts'
import { openRunner } from './runner.ts'
import type { Member } from '../shared/constellation.ts'

export type ServiceOptions = {
  readonly name: string
  readonly member: Member
  readonly dir: string
  readonly env: Readonly<Record<string, string>>
}

const readyWithinMs = 180_000

/**
 * Runs one of our own processes as an operator does, compiled, but with a clock that can be set wrong. It is killed so often
 * that a slow start would leave little of the time in which orders come.
 */
export async function openService({ name, member, dir, env }: ServiceOptions): Promise<Service> {
  const logFile = path.join(dir, `${name}.log`)
  const clockFile = path.join(dir, `${name}.clock`)
  await writeFile(clockFile, '0')
  const clock = pathToFileURL(path.resolve('tools/chaos/shifted-clock.mjs'))
  clock.searchParams.set('file', clockFile)
  const args = [`--import=${clock.href}`, `dist/cmd/${member.program}/main.js`]
  const log = () => readFile(logFile, 'utf8').catch(() => '')
  const spawn = (more: Readonly<Record<string, string>> = {}): Promise<ServerProcess> =>
    spawnServer({
      file: process.execPath,
      args,
      logFile,
      lastSignal: 'SIGKILL',
      own: { cwd: process.cwd(), env: { ...env, ...more } },
    })

  const runner = openRunner(name, logFile, async () => {
    const before = (await log()).length
    const child = await spawn()
    const end = { hasCome: false }
    void child.ended.then(() => (end.hasCome = true))
    const isReady = await waitFor(`${name} starts`, readyWithinMs, async () => {
      if (end.hasCome) return 'no'
      return member.up.test((await log()).slice(before)) && 'yes'
    }).catch(() => 'late')
    if (isReady === 'yes') return child
    await child.kill()
    throw new Error(`${name} does not start: ${(await log()).slice(-2_000)}`)
  })

  return {
    ...runner,
    service: member.program,
    async dieAt(failpoint, passage, withinMs) {
      const before = (await log()).length
      const child = await spawn({ TILLSTREAM_FAILPOINTS: `${failpoint}:${passage}` })
      await endWithin(child, withinMs, async () => member.up.test((await log()).slice(before)))
      return (await log()).slice(before)
    },
    async setClock(offsetMs) {
      await writeFile(clockFile, String(offsetMs))
      await writeFile(`${clockFile}.told`, '')
      const pid = runner.pid()
      if (pid === undefined) {
        if (offsetMs === 0) return Date.now() // a new process has the right time
        throw new NotExercised(`${name} does not run`)
      }
      process.kill(pid, 'SIGUSR2')
      const told = await waitFor(
        `${name} tells the time`,
        5_000,
        async () => (await readFile(`${clockFile}.told`, 'utf8')) || undefined,
      )
      return Number(told)
    },
  }
}

/** Gives it so long from when it is up: on a busy machine the start takes longer. Then it is killed. */
async function endWithin(
  child: ServerProcess,
  withinMs: number,
  isUp: () => Promise<boolean>,
): Promise<void> {
  const end = new AbortController()
  const ended = child.ended.then(() => end.abort())
  const isReady = async (): Promise<boolean> => end.signal.aborted || isUp()
  await until(isReady, { withinMs: readyWithinMs, everyMs: 200 })
  await Promise.race([ended, sleep(withinMs, undefined, { signal: end.signal }).catch(() => undefined)])
  await child.kill()
}
