import fc from 'fast-check'
import t from 'tap'
import { newId } from './new-id.ts'
import { lowestUuidAt, parseUuid } from './uuid.ts'

t.test('an id is read in either case and kept in lower case', async (t) => {
  const id = newId()
  t.equal(parseUuid(id.toUpperCase(), 'x', 'an id'), id)
})

t.test('everything else is refused with the code that was given', async (t) => {
  const id = newId()
  for (const wrong of ['', 'x', ` ${id}`, `${id}\n`, `${id}0`, id.replaceAll('-', ''), `{${id}}`, 7, null]) {
    t.throws(() => parseUuid(wrong, 'thing.invalid-id', "a thing's id"), {
      kind: 'invalid',
      code: 'thing.invalid-id',
      message: "a thing's id must be a UUID",
    })
  }
  t.throws(() => parseUuid({ toString: () => id, toLowerCase: () => id }, 'x', 'an id'))
})

t.test('ids made after a moment are above its lowest id, those made before below', async () => {
  const times = fc.date({ min: new Date(0), max: new Date('2200-01-01T00:00:00Z'), noInvalidDate: true })
  fc.assert(
    fc.property(times, times, (one, other) => {
      const [a, b] = [lowestUuidAt(one), lowestUuidAt(other)]
      parseUuid(a, 'x', 'an id')
      return Math.sign(a < b ? -1 : a > b ? 1 : 0) === Math.sign(one.getTime() - other.getTime())
    }),
  )
})

t.test('new ids are ordered by time', async (t) => {
  const before = lowestUuidAt(new Date(Date.now() - 1))
  const ids = Array.from({ length: 100 }, newId)
  t.same([...ids].sort(), ids)
  t.ok(ids.every((id) => id > before && id < lowestUuidAt(new Date(Date.now() + 1_000))))
})
