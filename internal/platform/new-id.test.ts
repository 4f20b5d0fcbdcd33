import t from 'tap'
import { newId } from './new-id.ts'

t.test('ids are UUIDv7, unique, and in the order of their making', (t) => {
  const ids = Array.from({ length: 20_000 }, newId)
  t.equal(new Set(ids).size, ids.length)
  t.same([...ids].sort(), ids)
  t.ok(ids.every((id) => /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id)))
  const madeAt = Number.parseInt(newId().replaceAll('-', '').slice(0, 12), 16)
  t.ok(Math.abs(madeAt - Date.now()) < 1_000)
  t.end()
})
