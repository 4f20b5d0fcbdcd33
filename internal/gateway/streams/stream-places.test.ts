import t from 'tap'
import { streamPlaces } from './stream-places.ts'

const holder = (account: string, address = account) => ({ account, address })

t.test('an account has so many streams and no more, until one is given back', (t) => {
  const places = streamPlaces({ total: 100, perAccount: 2 })
  const giveBack = places.take(holder('ada', 'a'))
  places.take(holder('ada', 'b'))
  t.throws(() => places.take(holder('ada', 'c')), { kind: 'invalid', code: 'stream.too-many' })
  places.take(holder('bob'))
  giveBack()
  places.take(holder('ada', 'c'))
  t.equal(places.count(), 3)
  t.end()
})

t.test('an address has a quarter, however many accounts it has', (t) => {
  const places = streamPlaces({ total: 8, perAccount: 2 })
  places.take(holder('ada', 'here'))
  places.take(holder('bob', 'here'))
  t.throws(() => places.take(holder('eve', 'here')), { code: 'stream.too-many' })
  places.take(holder('eve', 'there'))
  t.end()
})

t.test('a gateway has so many and no more', (t) => {
  const places = streamPlaces({ total: 2, perAccount: 2 })
  places.take(holder('ada'))
  const giveBack = places.take(holder('bob'))
  t.throws(() => places.take(holder('eve')), { kind: 'unavailable', code: 'stream.gateway-full' })
  giveBack()
  places.take(holder('eve'))
  t.end()
})
