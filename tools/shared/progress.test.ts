import t from 'tap'
import { showProgress } from './progress.ts'

function terminal(isTTY: boolean) {
  const written: string[] = []
  return { written, out: { isTTY, write: (text: string | Uint8Array) => (written.push(String(text)), true) } }
}

t.test('a log gets plain lines, a terminal one line that changes and has a bar', async (t) => {
  const bar = `[${'#'.repeat(15)}${'-'.repeat(15)}]`
  for (const [isTTY, expected] of [
    [false, ['  orders 2/4 · 1 turned away · 0.0 s\n']],
    [
      true,
      [
        `\r  [${'-'.repeat(30)}] orders 0/4 · 0.0 s\u001b[K`,
        `\r  ${bar} orders 2/4 · 1 turned away · 0.0 s\u001b[K\n`,
      ],
    ],
  ] as const) {
    const { out, written } = terminal(isTTY)
    const result = await showProgress(out, () => 0).counting('orders', 4, async (tick) => {
      tick('1 turned away')
      tick()
      return 'done'
    })
    t.equal(result, 'done')
    t.strictSame(written, expected)
  }
})

t.test('work of which nobody knows how much there is has its name, its remark and its time', async (t) => {
  let seconds = 0
  const { out, written } = terminal(false)
  await showProgress(out, () => seconds * 1_000).during('starting', async (tell) => {
    tell('nearly there')
    seconds = 12.34
  })
  t.strictSame(written, ['  starting · nearly there · 12.3 s\n'])
})

t.test('nothing to do is done, and a failure still ends the line', async (t) => {
  const { out, written } = terminal(true)
  await t.rejects(
    showProgress(out).counting('orders', 0, () => Promise.reject(new Error('no'))),
    { message: 'no' },
  )
  t.match(written.join(''), /#{30}\] orders 0\/0/)
  t.match(written.at(-1), /\n$/)
})
