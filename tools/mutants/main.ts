import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { hunt, huntNothing, type Caught } from './hunt.ts'
import type { Hunt } from './mutant.ts'
import { mutants } from './mutants.ts'
import { copyOf, type PatchedCopy } from './patched-copy.ts'
import { concurrently } from '../shared/concurrently.ts'
import { showProgress } from '../shared/progress.ts'
import { markdownTable } from '../shared/tables.ts'
import { runTool } from '../shared/tool.ts'
import { parseUsage, type Usage } from './usage.ts'

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..')

const progress = showProgress(process.stderr)

await runTool(() => parseUsage(process.argv.slice(2), mutants), main)

async function main({ only, seeds, jobs, json }: Usage): Promise<0 | 1> {
  const chosen = mutants.filter(({ name }) => only.includes(name))
  const copies = await Promise.all(Array.from({ length: jobs }, () => copyOf(root)))
  const remove = (): Promise<unknown> => Promise.all(copies.map((copy) => copy.remove()))
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void remove().finally(() => process.exit(1)))
  }
  try {
    const different = new Map(chosen.map(({ hunt: each }) => [nameOf(each), each]))
    const untouched = await inCopies(copies, 'without any mutant', [...different], ([name, each], copy) =>
      huntNothing(copy, name, each, seeds),
    )
    const failing = new Set(untouched.filter(({ said }) => said !== '').map(({ name }) => name))
    const huntable = chosen.filter(({ hunt: each }) => !failing.has(nameOf(each)))
    const results = await inCopies(copies, 'mutants', huntable, (mutant, copy) => hunt(copy, mutant, seeds))
    process.stdout.write(json ? `${JSON.stringify({ untouched, mutants: results })}\n` : tableOf(results))
    for (const name of failing)
      process.stderr.write(`  ${name} fails without any mutant and can judge none\n`)
    return failing.size === 0 && results.every(({ isCaught }) => isCaught) ? 0 : 1
  } finally {
    await remove()
  }
}

/** Tells of each result at once, because a campaign of an hour may be ended before its table. */
async function inCopies<Item>(
  copies: readonly PatchedCopy[],
  name: string,
  items: readonly Item[],
  work: (item: Item, copy: PatchedCopy) => Promise<Caught>,
): Promise<readonly Caught[]> {
  const free = [...copies]
  const results = new Map<Item, Caught>()
  await progress.counting(name, items.length, (tick) =>
    concurrently(items, copies.length, async (item) => {
      const copy = free.pop()
      if (!copy) throw new Error('there are as many copies as are used at once')
      const result = await work(item, copy)
      free.push(copy)
      results.set(item, result)
      process.stderr.write(`${process.stderr.isTTY ? '\r\u001b[K' : ''}  ${lineOf(result)}\n`)
      tick()
    }),
  )
  return items.flatMap((item) => results.get(item) ?? [])
}

function nameOf(wanted: Hunt): string {
  return wanted.by === 'drill' ? wanted.file : wanted.by
}

function secondsOf({ ms }: Caught): string {
  return (ms / 1_000).toFixed(1)
}

function lineOf(each: Caught): string {
  return `${each.name}: ${each.isCaught ? '' : 'not '}caught by ${each.by} (${secondsOf(each)} s) ${each.said}`
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
