import t from 'tap'
import { preferredWaitMs } from './prefer.ts'

for (const [prefer, waitMs] of [
  ['wait=5', 5_000],
  ['wait=0', 0],
  ['respond-async, wait=5', 5_000],
  ['WAIT = "5"; x=y, return=minimal', 5_000],
  ['wait=31', 30_000],
  ['wait=999999999', 30_000],
  ['wait', undefined],
  ['wait=', undefined],
  ['wait=-1', undefined],
  ['wait=1.5', undefined],
  ['wait=soon', undefined],
  ['await=5', undefined],
  ['return=minimal', undefined],
  ['', undefined],
  [undefined, undefined],
] as const) {
  t.test(`"${prefer ?? 'nothing'}" waits for ${waitMs ?? 'nothing'}`, (t) => {
    t.equal(preferredWaitMs(prefer), waitMs)
    t.end()
  })
}
