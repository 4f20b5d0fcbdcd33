import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { hunt, huntNothing, type Caught } from './hunt.ts'
import { mutants } from './mutants.ts'
import { copyOf } from './patched-copy.ts'
import { showProgress } from '../shared/progress.ts'
import { markdownTable } from '../shared/tables.ts'
import { runTool } from '../shared/tool.ts'
import { parseUsage, type Usage } from './usage.ts'

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..')

const progress = showProgress(process.stderr)

await runTool(() => parseUsage(process.argv.slice(2), mutants), main)

async function main({ only, seeds, json }: Usage): Promise<0 | 1> {
  const chosen = mutants.filter(({ name }) => only.includes(name))
  const copy = await copyOf(root)
  const remove = (): void => void copy.remove().finally(() => process.exit(1))
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, remove)
  try {
    const hunts = chosen.map(({ hunt: each }) => each)
    const untouched = await progress.during('the copy without any mutant', () =>
      huntNothing(copy, hunts, seeds),
    )
    for (const each of untouched) say(`${each.isCaught ? 'FAILS' : 'passes'}: ${lineOf(each)}`)
    if (untouched.some(({ isCaught, said }) => isCaught || said !== '')) return 1
    const results: Caught[] = []
    for (const mutant of chosen) {
      const result = await progress.during(mutant.name, async (tell) => {
        const found = await hunt(copy, mutant, seeds)
        tell(`${found.by} ${found.said}`)
        return found
      })
      results.push(result)
    }
    process.stdout.write(json ? `${JSON.stringify({ untouched, mutants: results })}\n` : tableOf(results))
    return results.every(({ isCaught }) => isCaught) ? 0 : 1
  } finally {
    await copy.remove()
  }
}

function say(line: string): void {
  process.stderr.write(`  ${line}\n`)
}

function secondsOf({ ms }: Caught): string {
  return (ms / 1_000).toFixed(1)
}

function lineOf(each: Caught): string {
  return `${each.name}: ${each.by} (${secondsOf(each)} s) ${each.said}`
}

function tableOf(results: readonly Caught[]): string {
  const lines = results.map((each) => {
    const by = each.isCaught ? each.by : `SURVIVED ${each.by}`
    return [each.name, by, each.said.slice(0, 110), secondsOf(each)]
  })
  const caught = results.filter(({ isCaught }) => isCaught).length
  const table = markdownTable([['mutant', 'caught by', 'first violation', 's'], ...lines])
  return `${table}\n${caught} of ${results.length} mutants are caught\n`
}
