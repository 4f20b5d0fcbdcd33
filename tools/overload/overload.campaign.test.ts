// With the machine to itself: it compares rates.
import { mkdirSync, readdirSync } from 'node:fs'
import path from 'node:path'
import t from 'tap'
import { spawnMain } from '../../internal/e2e/testing/spawned.ts'
import type { OverloadReport } from './overload.ts'

// Figures that depend on the speed and the load of the machine are only printed here. `npm run overload` judges them.

type Printed = {
  readonly verdicts: readonly { readonly name: string; readonly measured: string; readonly ok: boolean }[]
  readonly report: OverloadReport
}

t.test(
  'a flood is refused, orders go on, and it is over when it is over',
  { timeout: 300_000 },
  async (t) => {
    const TMPDIR = path.join(t.testdir(), 'tmp')
    mkdirSync(TMPDIR)
    const args = ['--seconds', '10', '--factor', '20', '--best-seconds', '1', '--json']
    const overload = spawnMain(t, 'tools/overload', { TMPDIR }, args)
    const code = await overload.ended
    const line = overload
      .output()
      .split('\n')
      .findLast((text) => text.startsWith('{"isMet"'))
    t.ok(line, overload.output())
    const { verdicts, report } = JSON.parse(line ?? '') as Printed
    t.equal(code, verdicts.every(({ ok }) => ok) ? 0 : 1, 'the exit code says whether all targets are met')
    for (const { name, measured, ok } of verdicts) t.comment(`${ok ? 'ok' : 'missed'}: ${name}: ${measured}`)
    const { flood, bestPerSecond, memoryMb, recoveredAfterMs, livezMs } = report
    t.ok(flood.sent > 10 * bestPerSecond.before, 'it was a flood')
    t.same(flood.others, {}, 'everything is answered with 201, or with 503 and Retry-After')
    t.equal(flood.unanswered, 0)
    t.comment(`${flood.accepted} are accepted, ${flood.refused} refused`)
    t.ok(flood.refused > 0, 'what is too much is refused')
    t.ok(flood.refuse.p50Ms < 5_000, `half of them within ${flood.refuse.p50Ms} ms`)
    t.ok(flood.decidedPerSecond > bestPerSecond.before / 4, 'orders go on')
    t.ok(Math.max(...memoryMb.flood) < 2 * Math.max(...memoryMb.best), 'memory is bounded')
    t.ok(Math.max(...livezMs) < 5_000, '/livez answers')
    t.ok((recoveredAfterMs ?? Infinity) < 30_000, 'it recovers')
    t.equal(verdicts.at(-1)?.measured, 'none', 'no invariant is violated')
    t.same(
      readdirSync(TMPDIR).filter((name) => name.startsWith('tillstream-')),
      [],
      'nothing is left behind',
    )
  },
)

for (const wrong of [['--seconds', '0'], ['--factor', '1'], ['--hard'], ['now']]) {
  t.test(`${wrong.join(' ')} gets the usage and exit code 2`, async (t) => {
    const overload = spawnMain(t, 'tools/overload', {}, wrong)
    t.equal(await overload.ended, 2)
    t.match(overload.output(), /usage: npm run overload/)
  })
}
