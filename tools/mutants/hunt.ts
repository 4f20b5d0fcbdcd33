import { spawnProcess } from '../../internal/platform/testing/spawned-process.ts'
import type { Hunt, Mutant } from './mutant.ts'
import type { PatchedCopy } from './patched-copy.ts'

export type Caught = {
  readonly name: string
  readonly isCaught: boolean
  /** The seed or the test that noticed it. */
  readonly by: string
  /** The first violation or failure. */
  readonly said: string
  readonly ms: number
}

/** Breaks the rule in the copy, checks whether that is noticed, and repairs it again. */
export async function hunt(copy: PatchedCopy, mutant: Mutant, seeds: number): Promise<Caught> {
  const startedAt = performance.now()
  const mend = await copy.apply(mutant.patches)
  try {
    const found = await look(copy.dir, mutant.hunt, seeds)
    return { name: mutant.name, ...found, ms: performance.now() - startedAt }
  } finally {
    await mend()
  }
}

/** Runs the same on the unbroken copy, because a command that fails there too proves nothing about a mutant. */
export async function huntNothing(
  copy: PatchedCopy,
  name: string,
  wanted: Hunt,
  seeds: number,
): Promise<Caught> {
  const startedAt = performance.now()
  return { name, ...(await look(copy.dir, wanted, seeds)), ms: performance.now() - startedAt }
}

type Found = Pick<Caught, 'isCaught' | 'by' | 'said'>

function look(dir: string, wanted: Hunt, seeds: number): Promise<Found> {
  return wanted.by === 'simulation' ? simulate(dir, seeds) : drill(dir, wanted)
}

async function simulate(dir: string, seeds: number): Promise<Found> {
  const args = ['scripts/run.mjs', 'tools/simulation/main.ts', '--seeds', String(seeds), '--json', '--quick']
  const { code, output } = await run(dir, args)
  const line = output.split('\n').find((each) => each.startsWith('{'))
  if (line === undefined || (code !== 0 && code !== 1))
    throw new Error(`the simulation ended with ${code} and no result:\n${output.slice(-2_000)}`)
  // Our own command prints this shape.
  const { seeds: ran, failure } = JSON.parse(line) as {
    readonly seeds: number
    readonly failure?: { readonly seed: number; readonly violations: readonly string[] }
  }
  if (!failure) return { isCaught: false, by: `${ran} seeds of the simulation`, said: '' }
  return { isCaught: true, by: `seed ${failure.seed}`, said: failure.violations[0] ?? '' }
}

/** Only the test for this rule counts, because other tests may fail for another reason. */
async function drill(dir: string, { file, test }: Extract<Hunt, { readonly by: 'drill' }>): Promise<Found> {
  const { code, output } = await run(dir, ['tools/test/main.mjs', file])
  const failed = output.split('\n').filter((line) => line.includes('✗'))
  if (code !== 0 && failed.length === 0) {
    return { isCaught: false, by: file, said: `it did not run: ${output.slice(-2_000)}` }
  }
  const said = failed.find((line) => line.includes(test))
  const isCaught = said !== undefined
  if (code !== 0 && !isCaught) return { isCaught, by: file, said: `another test failed:${failed[0] ?? ''}` }
  return { isCaught, by: file, said: said?.replace(/^.*✗\s*/, '').replace(`${file}: `, '') ?? '' }
}

async function run(
  cwd: string,
  args: readonly string[],
): Promise<{ readonly code: number | NodeJS.Signals; readonly output: string }> {
  const child = spawnProcess(args[0] ?? '', args, { cwd })
  return { code: await child.ended, output: child.output() }
}
