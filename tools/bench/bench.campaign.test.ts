import { mkdirSync, readdirSync } from 'node:fs'
import path from 'node:path'
import t, { type Test } from 'tap'
import { spawnMain, type Spawned } from '../../internal/e2e/testing/spawned.ts'

// This tests that the bench runs and counts correctly. How fast it is depends on the machine and is not tested.

/** Enough for starting servers, eight scenarios and their audits on a machine that runs other tests too. */

type Row = {
  readonly scenario: string
  readonly name: string
  readonly perSecond: number
  readonly settledPerSecond?: number
  readonly accept: { readonly p50Ms: number; readonly p99Ms: number }
  readonly settle?: { readonly p50Ms: number }
  readonly errors: Readonly<Record<string, number>>
  readonly confirmed?: number
  readonly cpuMicros: Readonly<Record<string, number>>
  readonly memoryMb: Readonly<Record<string, number>>
}

function startBench(t: Test, args: readonly string[]): Spawned & { readonly left: () => readonly string[] } {
  const TMPDIR = path.join(t.testdir(), 'tmp')
  mkdirSync(TMPDIR)
  const bench = spawnMain(t, 'tools/bench', { TMPDIR }, [
    ...args,
    '--out',
    path.join(t.testdirName, 'results'),
  ])
  return { ...bench, left: () => readdirSync(TMPDIR).filter((name) => name.startsWith('tillstream-')) }
}

const searches = [
  ...['a SKU', 'two words of one name in 200', 'a misspelled word', 'a word of one name in 20'],
  ...['a letter that nearly all have', 'a part of words that a third have', 'a word that all have'],
]

t.test('every kind of run gives numbers, and the flash sale is exact', async (t) => {
  const only = 'baseline,orders,flash-sale,latency,reads,graphql,search,facets,mixed,cart,checkout'
  const short = ['--seconds', '1', '--warmup', '0', '--rounds', '1', '--users', '16']
  const small = ['--flash-buyers', '400', '--flash-units', '60', '--search-products', '500']
  const bench = startBench(t, ['--only', only, ...short, ...small, '--json'])
  t.equal(await bench.ended, 0, bench.output())
  const line = bench
    .output()
    .split('\n')
    .findLast((text) => text.startsWith('{"startedAt"'))
  const report = JSON.parse(line ?? '{}') as { results: { rows: Row[] }[]; ratios: { value: number }[] }
  const rows = report.results.flatMap((result) => result.rows)
  const names = rows.map(({ scenario, name }) => `${scenario}: ${name}`)
  t.same(names, [
    ...['baseline: baseline', 'orders: one line', 'orders: five lines'],
    ...['flash-sale: baseline, one product', 'flash-sale: one product', 'flash-sale: the sale'],
    ...['latency: one lone user', 'reads: bare product', 'reads: product', 'reads: bare page'],
    ...['reads: page', 'reads: search', 'reads: own orders', 'graphql: page by REST', 'graphql: page'],
    ...['graphql: pages read anew by REST', 'graphql: pages read anew', "graphql: a shop's page"],
    ...['mixed: mixed'],
    ...['cart: add a line', 'cart: read', 'checkout: paid by card', 'checkout: the sale'],
    ...searches.map((name) => `search: ${name}`),
    ...[...searches, 'no words'].map((name) => `facets: ${name}`),
  ])
  for (const row of rows) {
    const name = `${row.scenario}: ${row.name}`
    t.ok(
      row.perSecond > 0 && row.accept.p50Ms > 0 && row.accept.p99Ms >= row.accept.p50Ms,
      `${name} has a speed`,
    )
    t.same(row.errors, {}, `${name} has no errors`)
    if (row.name !== 'the sale') t.ok((row.cpuMicros.load ?? 0) > 0, `${name} takes CPU time`)
    t.ok((row.memoryMb.node ?? 0) > 10 && (row.memoryMb.load ?? 0) > 10, `${name} takes memory`)
    if (row.settle) t.ok((row.settledPerSecond ?? 0) > 0 && row.settle.p50Ms > 0, `${name} is settled`)
  }
  for (const { scenario, confirmed } of rows.filter(({ name }) => name === 'the sale'))
    t.equal(confirmed, 60, `${scenario}: as many as there were, and no more`)
  t.equal(report.ratios.length, 14, 'each figure that has a goal')
  const kept = readdirSync(path.join(t.testdirName, 'results')).map((name) => path.extname(name))
  t.same(kept.sort(), ['.html', '.json'], 'the results are kept')
  t.same(bench.left(), [], 'nothing is left behind')
})

t.test('Ctrl-C ends it in the middle of a run and leaves nothing behind', async (t) => {
  const bench = startBench(t, ['--only', 'latency', '--seconds', '60', '--warmup', '0'])
  await bench.says(/latency: one lone user/)
  bench.signal('SIGINT')
  t.equal(await bench.ended, 130)
  t.same(bench.left(), [])
})

for (const wrong of [
  ['--seconds', '0'],
  ['--only', 'orders,everything'],
  ['--rounds', '1e3'],
  ['--fast'],
  ['orders'],
]) {
  t.test(`${wrong.join(' ')} gets the usage and exit code 2`, async (t) => {
    const bench = spawnMain(t, 'tools/bench', {}, wrong)
    t.equal(await bench.ended, 2)
    t.match(bench.output(), /usage: npm run bench/)
  })
}

t.test('--help tells the scenarios', async (t) => {
  const bench = spawnMain(t, 'tools/bench', {}, ['--help'])
  t.equal(await bench.ended, 0)
  t.match(bench.output(), /baseline, orders, flash-sale/)
})
