import t from 'tap'
import { togetherOrAlone } from './one-by-one.ts'

const isOutage = (err: unknown): boolean => (err as Error).message === 'away'

/** A handler that fails for items that are errors, and counts its calls. */
function handler() {
  const calls: (readonly unknown[])[] = []
  const handle = async (items: readonly unknown[]) => {
    calls.push(items)
    for (const item of items) if (item instanceof Error) throw item
    return items.map(String)
  }
  return { calls, handle }
}

t.test('items that can be handled are handled in one call', async (t) => {
  const { calls, handle } = handler()
  t.match(await togetherOrAlone([1, 2], handle, isOutage), [
    { kind: 'answered', answer: '1' },
    { kind: 'answered', answer: '2' },
  ])
  t.equal(calls.length, 1)
  t.strictSame(await togetherOrAlone([], handle, isOutage), [])
  t.equal(calls.length, 1, 'nothing to handle, nothing asked')
})

t.test('one bad item fails alone', async (t) => {
  const { handle } = handler()
  t.match(await togetherOrAlone([1, new Error('bug'), 3], handle, isOutage), [
    { kind: 'answered' },
    { kind: 'failed', err: { message: 'bug' } },
    { kind: 'answered' },
  ])
})

t.test('an outage is one for all, and nobody is tried alone', async (t) => {
  const { calls, handle } = handler()
  const endings = await togetherOrAlone([1, new Error('away'), 3], handle, isOutage)
  t.ok(endings.every(({ kind }) => kind === 'outage'))
  t.equal(calls.length, 1)
})

t.test('an outage that comes while each is tried alone ends the trying', async (t) => {
  let calls = 0
  const handle = () => {
    calls++
    return Promise.reject(new Error(calls === 1 ? 'bug' : 'away'))
  }
  const endings = await togetherOrAlone([...Array(200).keys()], handle, isOutage)
  t.ok(endings.every(({ kind }) => kind === 'outage'))
  t.equal(calls, 2)
})
