import { mkdirSync, readdirSync } from 'node:fs'
import path from 'node:path'
import t from 'tap'
import { spawnMain } from '../../internal/e2e/testing/spawned.ts'
import type { Report } from './report.ts'

/**
 * The command itself asks for 10 s. nats-server elects the leader of a stream in its own time, once seen to be 11 s, and
 * longer on a slow machine.
 */
const longestOnAnyMachineMs = 20_000

t.test(
  'each of three NATS servers is killed in turn, and no order is refused, lost or waits for long',
  { timeout: 400_000 },
  async (t) => {
    const TMPDIR = path.join(t.testdir(), 'tmp')
    mkdirSync(TMPDIR)
    const cluster = spawnMain(t, 'tools/cluster', { TMPDIR }, ['--rate', '10', '--json'])
    await cluster.ended
    const line = cluster
      .output()
      .split('\n')
      .findLast((text) => text.startsWith('{"isMet"'))
    t.ok(line, cluster.output())
    const { report } = JSON.parse(line ?? '') as { readonly report: Report }
    for (const kill of report.kills) t.comment(JSON.stringify(kill))
    t.equal(report.kills.length, 3)
    t.same(report.refused, [])
    t.same(report.violations, [])
    t.ok(report.longestWaitMs <= longestOnAnyMachineMs, `${report.longestWaitMs} ms`)
    t.same(
      readdirSync(TMPDIR).filter((name) => name.startsWith('tillstream-')),
      [],
      'nothing is left behind',
    )
  },
)

for (const wrong of [['--rounds', '0'], ['--rate', 'fast'], ['--hard'], ['now']]) {
  t.test(`${wrong.join(' ')} gets the usage and exit code 2`, async (t) => {
    const cluster = spawnMain(t, 'tools/cluster', {}, wrong)
    t.equal(await cluster.ended, 2)
    t.match(cluster.output(), /usage: npm run cluster/)
  })
}
