import { type Test } from 'tap'
import { spawnProcess, type SpawnedProcess } from '../../platform/testing/spawned-process.ts'

/** One of our processes as an operator runs it. */
export type Spawned = SpawnedProcess

/** Runs `<folder>/main.ts` with only these settings. It ends with the test at the latest. */
export function spawnMain(
  t: Test,
  folder: string,
  env: Readonly<Record<string, string>>,
  args: readonly string[] = [],
): Spawned {
  const { DOTENV_CONFIG_PATH: _, ...inherited } = process.env
  const spawned = spawnProcess(folder, ['--import=tsx', `${folder}/main.ts`, ...args], {
    env: { ...inherited, ...env },
  })
  t.teardown(spawned.stop)
  return spawned
}
