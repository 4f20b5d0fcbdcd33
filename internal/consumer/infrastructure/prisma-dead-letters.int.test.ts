import { PrismaPg } from '@prisma/adapter-pg'
import t from 'tap'
import { testDatabase } from '../../platform/testing/database.ts'
import { deadLettersContract } from '../testing/dead-letters-contract.ts'
import { discard } from '../domain/dead-letter.ts'
import { by, deadLetter, now } from '../testing/fixtures.ts'
import { PrismaClient } from './db/client.ts'
import { prismaDeadLetters } from './prisma-dead-letters.ts'

const { url } = await testDatabase(t)
const db = new PrismaClient({ adapter: new PrismaPg({ connectionString: url }) })
t.teardown(() => db.$disconnect())

async function open() {
  await db.$executeRawUnsafe('truncate consumer.dead_letters')
  return prismaDeadLetters(
    db,
    () => now,
    () => undefined,
  )
}

deadLettersContract(t, open)

t.test('what PostgreSQL cannot hold does not keep a letter from being stored', async (t) => {
  const letters = await open()
  const nul = 'a\0b'
  const letter = deadLetter({
    eventId: nul,
    messageKey: nul,
    error: `bad \0`,
    headers: [{ name: 'x-\0', value: '\0' }],
    data: new Uint8Array(1_000_000),
  })
  await letters.add(letter)
  t.match(await letters.find(letter.id), { eventId: 'a\uFFFDb', error: 'bad \uFFFD' })
})

t.test('a letter is told of once, and one that was to tell of another is not told of', async (t) => {
  const letters = await open()
  const [letter, telling] = [deadLetter(), deadLetter({ subject: 'dead_letter.added' })]
  for (const each of [letter, letter, telling]) await letters.add(each)
  const rows = await db.$queryRawUnsafe<object[]>(
    'select subject, data::jsonb as data from producer.outbox where aggregate_id = any($1::uuid[])',
    [letter.id, telling.id],
  )
  const { id: deadLetterId, subscription, code } = letter
  t.same(rows, [{ subject: 'dead_letter.added', data: { deadLetterId, subscription, code } }])
  t.equal(await letters.countOpen(), 2)
})

t.test('who resolved a letter is in the log, and who came too late is not', async (t) => {
  const letters = await open()
  const letter = deadLetter()
  await letters.add(letter)
  const trace = { correlationId: 'c-1', causationId: '', traceparent: '', by }
  for (let n = 0; n < 2; n++) await letters.resolve(discard(letter, 'of no use'), 'open', undefined, trace)
  const rows = await db.$queryRawUnsafe<object[]>(
    'select what, actor_id as actor, reason, correlation_id as correlation from producer.activity where subject_id = $1',
    letter.id,
  )
  t.same(rows, [{ what: 'dead-letter.discarded', actor: by.id, reason: 'of no use', correlation: 'c-1' }])
})
