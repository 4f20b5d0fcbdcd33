import t from 'tap'
import { changedFields } from './act.ts'

t.test('only what differs is kept', (t) => {
  const at = new Date(0)
  const before = { name: 'Mug', priceMinor: 100n, images: ['a'], at }
  const after = { name: 'Mug', priceMinor: 200n, images: ['a'], at: new Date(0) }
  t.same(changedFields(before, after), { before: '{"priceMinor":"100"}', after: '{"priceMinor":"200"}' })
  t.end()
})

t.test('what is new has no before, and what is gone no after', (t) => {
  t.same(changedFields({}, { name: 'Mug' }), { before: '{}', after: '{"name":"Mug"}' })
  t.same(changedFields({ name: 'Mug' }, {}), { before: '{"name":"Mug"}', after: '{}' })
  t.end()
})
