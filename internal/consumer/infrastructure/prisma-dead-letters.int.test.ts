import { PrismaPg } from '@prisma/adapter-pg'
import t from 'tap'
import { testDatabase } from '../../platform/testing/database.ts'
import { deadLettersContract } from '../testing/dead-letters-contract.ts'
import { deadLetter, now } from '../testing/fixtures.ts'
import { PrismaClient } from './db/client.ts'
import { prismaDeadLetters } from './prisma-dead-letters.ts'

const { url } = await testDatabase(t)
const db = new PrismaClient({ adapter: new PrismaPg({ connectionString: url }) })
t.teardown(() => db.$disconnect())

async function open() {
  await db.$executeRawUnsafe('truncate consumer.dead_letters')
  return prismaDeadLetters(db, () => now)
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
