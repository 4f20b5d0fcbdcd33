import { spawn } from 'node:child_process'
import { once } from 'node:events'
import t from 'tap'
import type { Result } from '../result.ts'

// In one process, less than a minute of what runs for ten: npm run chaos -- --messages --processes --seconds 600

const kinds = [
  ...['notification-kill', 'fail-send-answer', 'fail-webhook-answer', 'inbox-kill', 'inbox-pause'],
  ...['service-kill', 'nats-kill', 'postgres-kill'],
]

t.setTimeout(900_000)

t.test('each mail comes once or is unknown, and webhooks come in order, whoever is killed', async (t) => {
  const args = ['--messages', '--seconds', '45', '--seed', '1', '--only', kinds.join(), '--json']
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
  t.match(result, { seed: 1, isOk: true, problems: [] })
  const { mails = 0, wanted = 0, calls = 0 } = result?.verdict.messages ?? {}
  t.ok(mails > 50, `${mails} mails`)
  t.ok(wanted > 100 && calls >= wanted, `${wanted} events for endpoints came in ${calls} calls`)
  const died = result?.faults.filter(({ exercised }) => exercised > 0).map(({ kind }) => kind) ?? []
  for (const kind of ['notification-kill', 'inbox-kill', 'fail-send-answer'])
    t.ok(died.includes(kind as never), `${kind} was exercised`)
})
