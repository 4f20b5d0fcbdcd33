import t from 'tap'
import { keepRecent } from './recent.ts'

function open() {
  let reads = 0
  let at = 0
  let isDown = false
  const read = async (): Promise<number> => {
    const result = ++reads
    if (isDown) throw new Error('down')
    return result
  }
  const kept = keepRecent(read, { maxAgeMs: 1_000, nowMs: () => at })
  return {
    ...kept,
    pass: (ms: number) => void (at += ms),
    setDown: (down: boolean) => void (isDown = down),
  }
}

t.test('what was read is kept for as long as it may be old, and for all who ask meanwhile', async (t) => {
  const { recent, pass } = open()
  t.strictSame(await Promise.all([recent(), recent()]), [1, 1])
  pass(999)
  t.equal(await recent(), 1)
  pass(1)
  t.equal(await recent(), 2)
})

t.test('who needs it fresh gets it read anew, and the others gain from it', async (t) => {
  const { recent, fresh } = open()
  t.equal(await recent(), 1)
  t.equal(await fresh(), 2)
  t.equal(await recent(), 2)
})

t.test('what was being read when it changed is not kept', async (t) => {
  const { recent, forget } = open()
  const before = recent()
  forget()
  t.equal(await recent(), 2)
  t.equal(await before, 1)
})

t.test('a failure is told and not kept', async (t) => {
  const { recent, setDown } = open()
  setDown(true)
  await t.rejects(recent(), { message: 'down' })
  setDown(false)
  t.equal(await recent(), 2)
})

t.test('who comes while it is being read gets the next reading, and shares it', async (t) => {
  const { fresh, setDown } = open()
  t.strictSame(await Promise.all([fresh(), fresh(), fresh()]), [1, 2, 2])
  t.equal(await fresh(), 3)
  setDown(true)
  const failed = fresh()
  setDown(false)
  const after = fresh()
  await t.rejects(failed, { message: 'down' })
  t.equal(await after, 5, 'a failure of others does no harm')
})
