import t from 'tap'
import { isoTime } from './iso-time.ts'

t.test('is what Date says, for times that share a slot and for those before 1970, too', (t) => {
  const start = Date.UTC(2026, 0, 2, 3, 4, 5, 678)
  const moments = [start, start, start + 1_024, start, start + 1, -1, -1_025, 0, 8.64e15, -8.64e15]
  for (const moment of moments) t.equal(isoTime(new Date(moment)), new Date(moment).toISOString())
  t.throws(() => isoTime(new Date(NaN)), RangeError)
  t.end()
})
