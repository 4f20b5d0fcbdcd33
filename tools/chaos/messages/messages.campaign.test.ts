import t from 'tap'
import { runTool } from '../testing/run-tool.ts'

// In one process, less than a minute of what runs for ten: npm run chaos -- --messages --processes --seconds 600

const kinds = [
  ...['notification-kill', 'fail-send-answer', 'fail-webhook-answer', 'inbox-kill', 'inbox-pause'],
  ...['service-kill', 'nats-kill', 'postgres-kill'],
]

t.setTimeout(900_000)

t.test('each mail comes once or is unknown, and webhooks come in order, whoever is killed', async (t) => {
  const only = ['--only', kinds.join()]
  const result = await runTool(t, ['--messages', '--seconds', '45', '--seed', '1', ...only])
  t.same(result.problems, [], result.problems.join('; '))
  const { mails = 0, wanted = 0, calls = 0 } = result.verdict.messages ?? {}
  t.ok(mails > 50, `${mails} mails`)
  t.ok(wanted > 100 && calls >= wanted, `${wanted} events for endpoints came in ${calls} calls`)
  const died = result.faults.filter(({ exercised }) => exercised > 0).map(({ kind }) => kind)
  for (const kind of ['notification-kill', 'inbox-kill', 'fail-send-answer'])
    t.ok(died.includes(kind as never), `${kind} was exercised`)
})
