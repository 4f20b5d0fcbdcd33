import t from 'tap'
import { newId } from '../../platform/new-id.ts'
import { readOrderTimeline } from '../../timeline/timeline-service.ts'
import { listActivity } from '../application/activities.ts'
import {
  discardDeadLetter,
  getDeadLetter,
  listDeadLetters,
  requeueDeadLetter,
} from '../application/dead-letters.ts'
import type { DeadLetterId } from '../domain/dead-letter.ts'
import { admin, deadLetter } from '../testing/fixtures.ts'
import { inMemoryDeadLetters } from '../testing/in-memory-dead-letters.ts'
import { consumerRpc } from './consumer-rpc.ts'

function openRpc() {
  const letters = inMemoryDeadLetters()
  const deps = { letters, republish: async () => undefined }
  const rpc = consumerRpc({
    list: listDeadLetters(deps),
    get: getDeadLetter(deps),
    requeue: requeueDeadLetter(deps),
    discard: discardDeadLetter(deps),
    listActivity: listActivity({ logs: [] }),
    timeline: readOrderTimeline({}),
    audit: async () => ({ invariants: [] }),
  })
  return { letters, rpc }
}

const defaultPayloadLimit = 1_048_576

for (const [what, data, name] of [
  ['events as large as they may be', Buffer.from('"'.repeat(1_000_000)), 'x'],
  ['bytes that are no text', new Uint8Array(1_000_000).fill(1), 'x'],
  ['headers of a stranger', new Uint8Array(10), '\u0001'.repeat(100_000)],
] as const)
  t.test(`a list of dead letters ends its page early: ${what}`, async (t) => {
    const { letters, rpc } = openRpc()
    for (let n = 0; n < 9; n++)
      await letters.add(deadLetter({ id: newId() as DeadLetterId, data, headers: [{ name, value: 'v' }] }))
    const listed: string[] = []
    let afterId: string | undefined
    do {
      const page = await rpc.listDeadLetters({ status: undefined, limit: 100, afterId }, admin)
      t.ok(Buffer.byteLength(JSON.stringify(page)) < defaultPayloadLimit)
      listed.push(...page.deadLetters.map(({ id }) => id))
      afterId = page.nextId
    } while (afterId !== undefined)
    t.same(
      listed,
      letters
        .all()
        .map(({ id }) => id)
        .toReversed(),
    )
  })

t.test('of a large payload the beginning is shown, and all of it is kept', async (t) => {
  const { letters, rpc } = openRpc()
  const letter = deadLetter({ data: Buffer.from(`${'x'.repeat(100_000)}end`) })
  await letters.add(letter)
  const { deadLetter: shown } = await rpc.getDeadLetter({ id: letter.id }, admin)
  t.equal(shown.data, `${'x'.repeat(100_000)}… (100003 bytes)`)
  t.same((await letters.find(letter.id))?.data, letter.data)
})
