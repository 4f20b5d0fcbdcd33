// In a process of its own: it starts several, which takes longer than all other unit tests, so it goes before them.
import path from 'node:path'
import t, { type Test } from 'tap'
import { openSharedProcess } from './shared-process.mjs'

type Result = {
  readonly file: string
  readonly passed: number
  readonly output: string
  readonly failures: readonly { readonly name: string; readonly detail: unknown }[]
}

const telling = `t.test('whose process', async (t) => t.pass())\nconsole.log('process ' + process.pid)`

/** The texts of test files. A process can run each of them only once. */
const files: Readonly<Record<string, string>> = {
  fine: `t.test('fine', async (t) => t.pass())`,
  wrong: `t.test('fine', async (t) => t.pass())\nt.test('wrong', async (t) => t.equal(1, 2))`,
  throwing: `throw new Error('not even loaded')`,
  rejecting: `t.test('rejecting', async (t) => {
    t.pass()
    void Promise.reject(new Error('nobody waits for this'))
    await new Promise((resolve) => setTimeout(resolve, 50))
  })`,
  silent: `console.log('nothing to say')`,
  exiting: `t.test('exiting', async (t) => {
    t.pass()
    process.exit(0)
  })`,
  hanging: `t.test('hanging', { timeout: 200 }, () => new Promise(() => undefined))`,
  blocking: `Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)`,
  leaving: `t.test('fine', async (t) => t.pass())\nsetInterval(() => undefined, 60_000)`,
  owning: `t.setTimeout(50_000)
    t.teardown(() => console.log('torn down after ' + t.name))
    t.test('fine', async (t) => t.pass())
    await new Promise((resolve) => setTimeout(resolve, 20))
    t.test('later', async (t) => t.pass())`,
  again: `t.test('fine', async (t) => t.pass())`,
  ...Object.fromEntries([1, 2, 3, 4].map((number) => [`telling-${number}`, telling])),
}

function openFiles(t: Test) {
  const dir = t.testdir(
    Object.fromEntries(
      Object.entries(files).map(([name, text]) => [`${name}.test.ts`, `import t from 'tap'\n${text}\n`]),
    ),
  )
  const shared = openSharedProcess({})
  t.teardown(() => shared.close())
  const fileOf = (name: string) => path.relative(process.cwd(), path.join(dir, `${name}.test.ts`))
  const run = async (name: string, timeoutMs?: number) => {
    const result: Result = await shared.run(fileOf(name), timeoutMs)
    t.equal(result.file, fileOf(name))
    return { ...result, names: result.failures.map(({ name }) => name) }
  }
  let asked = 0
  const pid = async () => /process (\d+)/.exec((await run(`telling-${++asked}`)).output)?.[1]
  return { run, pid }
}

t.test(
  'each file of a process is told of by itself, and one that fails leaves the others alone',
  async (t) => {
    const { run, pid } = openFiles(t)
    const first = await pid()
    t.match(await run('fine'), { passed: 1, failures: [] })
    t.match(await run('wrong'), { passed: 1, names: ['wrong'] })
    t.match(await run('throwing'), { passed: 0, names: [/not even loaded/] })
    t.match(await run('rejecting'), { names: [/rejecting|nobody waits/] })
    t.match(await run('silent'), {
      passed: 0,
      names: ['the file'],
      failures: [{ detail: 'reported no test' }],
    })
    t.match(await run('hanging'), { passed: 0, names: [/hanging/] })
    t.match(await run('again'), { passed: 1, failures: [] })
    t.equal(await pid(), first, 'all in the same process')
  },
)

t.test('a file has a root test of its own, with its teardown and its time limit', async (t) => {
  const { run } = openFiles(t)
  const { passed, failures, output } = await run('owning')
  t.match({ passed, failures }, { passed: 2, failures: [] })
  t.match(output, /torn down after .*owning\.test\.ts/)
})

t.test('a file that brings its process down is named, and the next one gets a fresh process', async (t) => {
  const { run, pid } = openFiles(t)
  const first = await pid()
  const detail =
    /^its process ended with 0 before the file was over; before it there ran .*telling-1\.test\.ts$/
  t.match(await run('exiting'), { names: ['the file'], failures: [{ detail }] })
  const second = await pid()
  t.not(second, first)
  t.match(await run('blocking', 1_500), {
    names: ['the file'],
    failures: [{ detail: 'took longer than 1.5 s' }],
  })
  const third = await pid()
  t.not(third, second)
  t.match(await run('leaving'), { passed: 1, failures: [{ detail: 'left something running: Timeout' }] })
  t.not(await pid(), third)
})
