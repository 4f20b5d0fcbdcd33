import { type Test } from 'tap'
import { spawnProcess, type SpawnedProcess } from '../../platform/testing/spawned-process.ts'

/** One of our processes as an operator runs it. */
export type Spawned = SpawnedProcess

/**
 * Runs the program of a folder with only these settings, as compiled by the set-up of every command: it starts in two thirds
 * of the time. Tools are not compiled, and coverage is counted in the sources. It ends with the test at the latest.
 */
export function spawnMain(
  t: Test,
  folder: string,
  env: Readonly<Record<string, string>>,
  args: readonly string[] = [],
): Spawned {
  const { DOTENV_CONFIG_PATH: _, ...inherited } = process.env
  const isCompiled = folder.startsWith('cmd/') && !process.env.NODE_V8_COVERAGE
  const program = isCompiled ? [`dist/${folder}/main.js`] : ['--import=tsx', `${folder}/main.ts`]
  const spawned = spawnProcess(folder, [...program, ...args], { env: { ...inherited, ...env } })
  t.teardown(spawned.stop)
  return spawned
}
