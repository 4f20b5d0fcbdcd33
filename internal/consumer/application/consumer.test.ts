import t from 'tap'
import { newId } from '../../platform/new-id.ts'
import { Refusal } from '../../platform/refusal.ts'
import type { DeadLetter, DeadLetterId } from '../domain/dead-letter.ts'
import { admin, customer, deadLetter } from '../testing/fixtures.ts'
import { inMemoryDeadLetters } from '../testing/in-memory-dead-letters.ts'
import { discardDeadLetter, getDeadLetter, listDeadLetters, requeueDeadLetter } from './dead-letters.ts'
import { sweep } from './sweep.ts'

t.test('each service is asked to look for what was left behind', async (t) => {
  const asked: number[] = []
  const sweepers = ['order', 'cart'].map((service) => ({
    service,
    sweep: async (seconds: number) => {
      asked.push(seconds)
      return [
        { what: 'settled', count: service === 'order' ? 2 : 0 },
        { what: 'released', count: 1 },
      ]
    },
  }))
  t.strictSame(await sweep({ sweepers, report: () => t.fail('all is well') })(30), [
    { service: 'order', what: 'settled', count: 2 },
    { service: 'order', what: 'released', count: 1 },
    { service: 'cart', what: 'released', count: 1 },
  ])
  t.strictSame(asked, [30, 30])
})

t.test('a service that cannot be asked does not keep the others from being asked', async (t) => {
  const told: unknown[] = []
  const sweepers = [
    { service: 'order', sweep: () => Promise.reject(new Error('away')) },
    { service: 'cart', sweep: async () => [{ what: 'ended', count: 1 }] },
  ]
  const report = (service: string, err: unknown) => void told.push([service, (err as Error).message])
  t.match(await sweep({ sweepers, report })(30), [{ service: 'cart', count: 1 }])
  t.strictSame(told, [['order', 'away']])
})

function desk(letters = inMemoryDeadLetters()) {
  const published: DeadLetter[] = []
  const republish = async (letter: DeadLetter): Promise<void> => void published.push(letter)
  return {
    letters,
    published,
    list: listDeadLetters({ letters }),
    get: getDeadLetter({ letters }),
    requeue: requeueDeadLetter({ letters, republish }),
    discard: discardDeadLetter({ letters }),
  }
}

t.test('dead letters are for admins only', async (t) => {
  const { letters, list, get, requeue, discard, published } = desk()
  const letter = deadLetter()
  await letters.add(letter)
  const filter = { status: undefined, after: undefined, limit: 10 }
  for (const call of [customer, { ...customer, actor: undefined }]) {
    const code = call.actor ? 'auth.forbidden' : 'auth.required'
    const attempts: (() => Promise<unknown>)[] = [
      () => list(filter, call),
      () => get(letter.id, call),
      () => requeue(letter.id, call),
      () => discard({ id: letter.id, reason: '' }, call),
    ]
    for (const attempt of attempts) await t.rejects(attempt(), { code })
  }
  t.same(published, [])
  t.match(await list(filter, admin), { letters: [{ id: letter.id }] })
  t.match(await get(letter.id, admin), { id: letter.id })
  await t.rejects(get(newId() as DeadLetterId, admin), { kind: 'not-found', code: 'dead-letter.not-found' })
})

t.test('a requeued letter goes out once, counted, and cannot go out again', async (t) => {
  const { letters, requeue, discard, published } = desk()
  const letter = deadLetter()
  await letters.add(letter)
  t.match((await requeue(letter.id, admin)).result, { status: 'requeued', requeues: 1 })
  t.match(published, [{ id: letter.id, requeues: 1 }])
  await t.rejects(requeue(letter.id, admin), { code: 'dead-letter.requeued' })
  await t.rejects(discard({ id: letter.id, reason: '' }, admin), { code: 'dead-letter.requeued' })
  t.equal(published.length, 1)
})

t.test('a requeue that is repeated under its key publishes nothing more', async (t) => {
  const { letters, requeue, published } = desk()
  const letter = deadLetter()
  await letters.add(letter)
  const call = { ...admin, once: { key: 'k', fingerprint: 'f' } }
  t.match(await requeue(letter.id, call), { result: { status: 'requeued' }, isReplay: false })
  t.match(await requeue(letter.id, call), { result: { status: 'requeued' }, isReplay: true })
  t.equal(published.length, 1)
})

t.test('a letter that could not be published stays open', async (t) => {
  const { letters } = desk()
  const letter = deadLetter()
  await letters.add(letter)
  const republish = () => Promise.reject(new Refusal('unavailable', 'nats.unavailable', 'away'))
  await t.rejects(requeueDeadLetter({ letters, republish })(letter.id, admin), { code: 'nats.unavailable' })
  t.match(await letters.find(letter.id), { status: 'open', requeues: 0 })
})

t.test('a discarded letter is never published', async (t) => {
  const { letters, requeue, discard, published } = desk()
  const letter = deadLetter()
  await letters.add(letter)
  t.match((await discard({ id: letter.id, reason: 'of no use' }, admin)).result, { status: 'discarded' })
  await t.rejects(requeue(letter.id, admin), { code: 'dead-letter.discarded' })
  t.same(published, [])
})

t.test('of a requeue and a discard at once one wins, and the other is told', async (t) => {
  const { letters, requeue, discard } = desk()
  const letter = deadLetter()
  await letters.add(letter)
  const results = await Promise.allSettled([
    requeue(letter.id, admin),
    discard({ id: letter.id, reason: 'of no use' }, admin),
  ])
  t.equal(results.filter(({ status }) => status === 'fulfilled').length, 1)
  t.match(
    results.find(({ status }) => status === 'rejected'),
    { reason: { kind: 'conflict', code: 'dead-letter.resolved' } },
  )
})
