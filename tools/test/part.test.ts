import t from 'tap'
import { runPart } from './part.mjs'

const prints = (lines: string[], code: number) => [
  '-e',
  `console.log(${JSON.stringify(lines.join('\n'))}); process.exitCode = ${code}`,
]

t.test('a part counts its tests and names those that failed', async (t) => {
  const shown: string[] = []
  const args = prints(['  ✗ internal/a.test.ts: it holds', '    ✗ not a name', '5 passed, 1 failed'], 1)
  const part = await runPart('some tests', args, { show: (line: string) => void shown.push(line) })
  t.match(part, {
    name: 'some tests',
    isOk: false,
    counts: { passed: 5, failed: 1 },
    says: '5 passed, 1 failed',
  })
  t.same(part.failures, ['✗ internal/a.test.ts: it holds'])
  t.equal(
    shown.at(-1),
    '  some tests: 5 passed, 1 failed',
    'only the last line of CI looks like its closing line',
  )
})

t.test('a part without a closing line is judged by its exit code', async (t) => {
  const show = () => undefined
  t.match(await runPart('checks', prints(['all is well'], 0), { show }), { isOk: true, counts: undefined })
  t.match(await runPart('checks', prints(['all is well'], 2), { show }), {
    isOk: false,
    says: '',
    failures: [],
  })
})
