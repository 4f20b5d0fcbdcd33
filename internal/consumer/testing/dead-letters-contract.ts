import { type Test } from 'tap'
import { newId } from '../../platform/new-id.ts'
import type { DeadLetters } from '../application/ports.ts'
import { discard, requeue, type DeadLetterId } from '../domain/dead-letter.ts'
import { deadLetter } from './fixtures.ts'

const any = { status: undefined, after: undefined, limit: 100 }

/** The behaviour of every store of dead letters. `open` returns an empty one. */
export function deadLettersContract(t: Test, open: (t: Test) => Promise<DeadLetters>): void {
  t.test('gives back a letter to the letter', async (t) => {
    const letters = await open(t)
    const letter = deadLetter({ streamSequence: 9_007_199_254_740_993n })
    await letters.add(letter)
    t.strictSame(await letters.find(letter.id), letter)
    t.equal(await letters.find(newId() as DeadLetterId), undefined)
  })

  t.test('a message is dead once, for each subscription', async (t) => {
    const letters = await open(t)
    const letter = deadLetter()
    const again = { ...letter, id: newId() as DeadLetterId }
    await Promise.all([letters.add(letter), letters.add(letter), letters.add(letter)])
    await letters.add(again)
    t.equal(await letters.countOpen(), 1)
    t.equal(await letters.find(again.id), undefined)
    await letters.add({ ...again, subscription: 'release-canceled' })
    await letters.add({ ...again, id: newId() as DeadLetterId, messageKey: `${letter.messageKey}:r1` })
    t.equal(await letters.countOpen(), 3)
  })

  t.test('a resolved letter stays known', async (t) => {
    const letters = await open(t)
    const letter = deadLetter()
    await letters.add(letter)
    t.equal(await letters.resolve(discard(letter, 'of no use'), 'open'), true)
    await letters.add({ ...letter, id: newId() as DeadLetterId })
    t.equal(await letters.countOpen(), 0)
    t.match(await letters.find(letter.id), { status: 'discarded', resolution: 'of no use' })
  })

  t.test('finds what a request has resolved, and refuses another request under its key', async (t) => {
    const letters = await open(t)
    const [letter, other] = [deadLetter(), deadLetter()]
    for (const each of [letter, other]) await letters.add(each)
    const once = { key: newId(), fingerprint: 'a' }
    t.equal(await letters.findByRequest(once), undefined)
    t.equal(await letters.resolve(requeue(letter), 'open', once), true)
    t.match(await letters.findByRequest(once), { id: letter.id, status: 'requeued' })
    await t.rejects(letters.findByRequest({ ...once, fingerprint: 'b' }), {
      code: 'request.idempotency-key-reused',
    })
    await t.rejects(letters.resolve(requeue(other), 'open', once), { code: 'request.idempotency-key-in-use' })
    t.match(await letters.find(other.id), { status: 'open' })
  })

  t.test('of eight who resolve a letter at once one does', async (t) => {
    const letters = await open(t)
    const letter = deadLetter()
    await letters.add(letter)
    const resolved = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        letters.resolve(index % 2 ? requeue(letter) : discard(letter, `${index}`), 'open'),
      ),
    )
    t.equal(resolved.filter(Boolean).length, 1)
    t.equal(await letters.resolve(requeue(deadLetter()), 'open'), false, 'nor one that does not exist')
  })

  t.test('pages through newest first, all or those of a status', async (t) => {
    const letters = await open(t)
    const stored = []
    for (let index = 0; index < 5; index++) {
      const letter = deadLetter()
      await letters.add(letter)
      stored.unshift(letter)
    }
    await letters.resolve(requeue(stored[2]!), 'open')
    const first = await letters.page({ ...any, limit: 3 })
    t.same(
      first.letters.map(({ id }) => id),
      stored.slice(0, 3).map(({ id }) => id),
    )
    const second = await letters.page({ ...any, limit: 3, after: first.next })
    t.same(
      second.letters.map(({ id }) => id),
      stored.slice(3).map(({ id }) => id),
    )
    t.equal(second.next, undefined)
    t.equal((await letters.page({ ...any, status: 'open' })).letters.length, 4)
    t.match(await letters.page({ ...any, status: 'requeued' }), {
      letters: [{ id: stored[2]!.id, requeues: 1 }],
      next: undefined,
    })
  })
}
