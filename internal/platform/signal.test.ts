import t from 'tap'
import { createSignal } from './signal.ts'

const never = 60_000

t.test('a notification wakes whoever waits', async (t) => {
  const signal = createSignal()
  const waiting = signal.wait(never)
  signal.notify()
  await waiting
  t.pass('woken')
})

t.test('a notification while nobody waits is kept, once', async (t) => {
  const signal = createSignal()
  signal.notify()
  signal.notify()
  await signal.wait(never)
  const started = performance.now()
  await signal.wait(20)
  t.ok(performance.now() - started >= 15, 'the second wait runs into its timeout')
})

t.test('a wait ends by itself after its timeout, and the next notification is not lost', async (t) => {
  const signal = createSignal()
  await signal.wait(1)
  signal.notify()
  await signal.wait(never)
  t.pass()
})
