import t from 'tap'
import { beginSecondFactor, confirmSecondFactor, judgeCode, type SecondFactor } from './second-factor.ts'

const at = new Date('2026-11-20T08:00:00.000Z')
const later = (ms: number): Date => new Date(at.getTime() + ms)
const factor = confirmSecondFactor(beginSecondFactor('sealed'), ['r-1', 'r-2'], at)
const ofApp = (step: number | undefined) => ({ step, hash: 'no recovery code' })

t.test('a code of the app is good once, and earlier ones are good no more', (t) => {
  const first = judgeCode(factor, ofApp(7), at)
  t.match(first, { is: 'good', factor: { lastStep: 7 } })
  for (const step of [7, 6]) t.equal(judgeCode(first.factor, ofApp(step), at).is, 'wrong')
  t.equal(judgeCode(first.factor, ofApp(8), at).is, 'good')
  t.end()
})

t.test('a recovery code is good once', (t) => {
  const first = judgeCode(factor, { step: undefined, hash: 'r-1' }, at)
  t.match(first, { is: 'good', factor: { recoveryHashes: ['r-2'] } })
  t.equal(judgeCode(first.factor, { step: undefined, hash: 'r-1' }, at).is, 'wrong')
  t.end()
})

function afterWrong(count: number, seen: SecondFactor = factor): SecondFactor {
  let now = seen
  for (let n = 0; n < count; n++) now = judgeCode(now, ofApp(undefined), at).factor
  return now
}

t.test('after ten wrong codes none is looked at for a quarter of an hour', (t) => {
  const tired = afterWrong(10)
  t.equal(judgeCode(afterWrong(9), ofApp(9), at).is, 'good')
  t.equal(judgeCode(tired, ofApp(9), later(899_999)).is, 'too-many')
  t.equal(judgeCode(tired, { step: undefined, hash: 'r-1' }, at).is, 'too-many')
  t.equal(judgeCode(tired, ofApp(9), later(900_000)).is, 'good')
  t.end()
})

t.test('a good code forgives the wrong ones', (t) => {
  const good = judgeCode(afterWrong(9), ofApp(9), at).factor
  t.equal(judgeCode(afterWrong(9, good), ofApp(10), at).is, 'good')
  t.end()
})
