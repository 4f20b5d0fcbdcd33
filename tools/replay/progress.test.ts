import t from 'tap'
import { concurrently } from './concurrently.ts'
import { showProgress } from './progress.ts'

function terminal(isTTY: boolean) {
  const written: string[] = []
  return { written, out: { isTTY, write: (text: string | Uint8Array) => (written.push(String(text)), true) } }
}

t.test('a log gets plain lines, a terminal a bar', async (t) => {
  for (const [isTTY, expected] of [
    [false, '  orders 2/4 · 1 turned away · 0.0 s\n'],
    [true, `\r[${'#'.repeat(15)}${'-'.repeat(15)}] orders 2/4 · 1 turned away · 0.0 s\u001b[K\n`],
  ] as const) {
    const { out, written } = terminal(isTTY)
    const result = await showProgress(out, () => 0).during('orders', 4, async (tick) => {
      tick('1 turned away')
      tick()
      return 'done'
    })
    t.equal(result, 'done')
    t.strictSame(written, [expected])
  }
})

t.test('nothing to do is done, and a failure still ends the line', async (t) => {
  const { out, written } = terminal(true)
  await t.rejects(
    showProgress(out).during('orders', 0, () => Promise.reject(new Error('no'))),
    { message: 'no' },
  )
  t.match(written.join(''), /#{30}\] orders 0\/0/)
})

t.test('work is done so many at a time, and stops at the first failure', async (t) => {
  let [underWay, most] = [0, 0]
  const done: number[] = []
  await concurrently([1, 2, 3, 4, 5], 2, async (item) => {
    most = Math.max(most, ++underWay)
    await new Promise(setImmediate)
    underWay--
    done.push(item)
  })
  t.strictSame(done, [1, 2, 3, 4, 5])
  t.equal(most, 2)
  const begun: number[] = []
  const failing = concurrently([1, 2, 3, 4, 5], 2, async (item) => {
    begun.push(item)
    if (item === 2) throw new Error('no')
    await new Promise(setImmediate)
  })
  await t.rejects(failing, { message: 'no' })
  await new Promise(setImmediate)
  t.strictSame(begun, [1, 2])
})
