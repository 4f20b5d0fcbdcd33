import t from 'tap'
import { Parser } from 'tap-parser'
import { tally } from './tally.mjs'

void t.test('counts innermost blocks, and assertions outside of all blocks', async (t) => {
  t.match(
    count(`
TAP version 14
# Subtest: outer
    # Subtest: inner one
        ok 1 - a
        ok 2 - b
        1..2
    ok 1 - inner one
    # Subtest: inner two
        ok 1 - c
        1..1
    ok 2 - inner two
    1..2
ok 1 - outer
ok 2 - alone
1..2
`),
    { passed: 3, failures: [], skipped: [] },
  )
})

void t.test('names a failed assertion by its blocks, once', async (t) => {
  const { passed, failures } = count(`
TAP version 14
# Subtest: outer
    # Subtest: inner
        ok 1 - fine
        not ok 2 - should be equal
        1..2
    not ok 1 - inner
    1..1
not ok 1 - outer
1..1
`)
  t.equal(passed, 0)
  t.strictSame(
    failures.map(({ name }) => name),
    ['outer › inner'],
  )
})

void t.test('a block that fails by itself, beside inner blocks that pass, is a failure', async (t) => {
  const { passed, failures } = count(`
TAP version 14
# Subtest: outer
    # Subtest: inner
        ok 1 - fine
        1..1
    ok 1 - inner
    not ok 2 - thrown in the outer block
    1..2
not ok 1 - outer
1..1
`)
  t.equal(passed, 1)
  t.match(failures, [{ name: 'outer', detail: [{ name: 'thrown in the outer block' }] }])
})

void t.test('a skipped test comes with its reason', async (t) => {
  const { skipped } = count(`
TAP version 14
ok 1 - on Windows # SKIP needs signals
1..1
`)
  t.strictSame(skipped, [{ name: 'on Windows', reason: 'needs signals' }])
})

void t.test('a file that breaks off is a failure', async (t) => {
  for (const output of ['', 'TAP version 14\nok 1 - first\n', 'TAP version 14\nBail out! no more\n']) {
    t.equal(count(output).failures.length, 1, JSON.stringify(output))
  }
})

function count(output: string) {
  const parser = new Parser()
  const counts = tally(parser)
  parser.end(output.trimStart())
  return counts.result()
}
