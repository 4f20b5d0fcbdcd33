import t from 'tap'
import { doOnce } from './do-once.ts'
import { keysInMemory } from './idempotency-keys.ts'
import { Refusal } from './refusal.ts'

const once = { key: 'k', fingerprint: 'f' }
const taken = new Refusal('conflict', 'sku.taken', 'taken')

t.test('without a key the work is done each time', async (t) => {
  let times = 0
  const work = async () => ++times
  const find = async () => t.fail('there is no key to look for')
  t.same(await doOnce(undefined, find as never, work), { result: 1, isReplay: false })
  t.same(await doOnce(undefined, find as never, work), { result: 2, isReplay: false })
})

t.test('with a key it is done once, and a repetition gets the first result', async (t) => {
  const keys = keysInMemory()
  const find = async () => keys.find(once)
  const work = async () => {
    keys.claim(once, 'thing')
    return 'thing'
  }
  t.same(await doOnce(once, find, work), { result: 'thing', isReplay: false })
  t.same(await doOnce(once, find, work), { result: 'thing', isReplay: true })
})

t.test('a request that came second finds the first when what that one made is in the way', async (t) => {
  let isThere = false
  const find = async () => (isThere ? 'first' : undefined)
  const work = async () => {
    isThere = true // the first one commits meanwhile
    throw taken
  }
  t.same(await doOnce(once, find, work), { result: 'first', isReplay: true })
})

t.test('a refusal stays one when nothing was done under the key', async (t) => {
  await t.rejects(
    doOnce(
      once,
      async () => undefined,
      () => Promise.reject(taken),
    ),
    taken,
  )
})

t.test('a bug is not hidden by an earlier result', async (t) => {
  let looks = 0
  const find = async () => (looks++ === 0 ? undefined : 'first')
  const bug = new Error('bug')
  await t.rejects(
    doOnce(once, find, () => Promise.reject(bug)),
    bug,
  )
})
