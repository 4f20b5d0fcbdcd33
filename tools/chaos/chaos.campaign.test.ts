import { spawn } from 'node:child_process'
import { once } from 'node:events'
import t from 'tap'
import type { Result } from './result.ts'

/** The kinds that a small and slow machine is through with in five minutes. `npm run chaos` does all of them. */
const kinds = [
  ...['service-kill', 'fail-lock-order', 'fail-reserve-settle', 'fail-effect-ack'],
  ...['nats-kill', 'store-wiped', 'consumer-deleted', 'poison'],
  ...['postgres-kill', 'deadlock', 'index-emptied'],
  ...['fail-answer-commit', 'sandbox-kill', 'webhooks-wrong'],
]

t.test('faults with a fixed seed: nothing is lost, doubled or oversold, and no cent differs', async (t) => {
  const args = ['--seconds', '45', '--seed', '1', '--rate', '40', '--only', kinds.join(), '--json']
  const child = spawn(process.execPath, ['scripts/run.mjs', 'tools/chaos/main.ts', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  t.teardown(() => child.kill())
  let [out, err] = ['', '']
  child.stdout.on('data', (piece) => (out += String(piece)))
  child.stderr.on('data', (piece) => (err += String(piece)))
  const [code] = (await once(child, 'close')) as [number | null]
  t.equal(code, 0, err.slice(-3_000))

  const { results } = JSON.parse(out.trim().split('\n').at(-1) ?? '{}') as { results: readonly Result[] }
  const [result] = results
  t.match(result, { seed: 1, isOk: true, problems: [], verdict: { lost: 0, doubled: 0, oversold: 0 } })
  t.equal(result?.verdict.money.difference, 0, 'no cent differs between the provider and the books')
  t.ok((result?.verdict.money.paidOrders ?? 0) > 10, 'orders were paid for meanwhile')
  t.ok((result?.verdict.money.refunded ?? 0) > 0, 'some of it was given back')
  const faults = result?.faults ?? []
  t.ok(faults.length >= 10, `${faults.length} kinds of faults`)
  for (const { kind, exercised, proof } of faults) t.ok(exercised > 0, `${kind}: ${proof}`)
  t.ok((result?.verdict.operations.place?.ok ?? 0) > 100, 'orders were accepted meanwhile')
  t.ok((result?.verdict.operations.checkout?.ok ?? 0) > 50, 'carts were checked out meanwhile')
  for (const { name, checked, violations } of [...(result?.verdict.rules ?? []), ...(result?.audit ?? [])])
    t.equal(violations, 0, `${name}, ${checked} checked`)
})
