import t from 'tap'
import { signedCursors } from './cursor.ts'

const cursors = signedCursors('a secret of at least 32 bytes, for tests')
const list = ['products', undefined, 'name']

t.test('a cursor gives back what it was made of', (t) => {
  const position = ['a key with "quotes" and 😀', 'id']
  const cursor = cursors.write(list, position)
  t.match(cursor, /^[\w-]+\.[\w-]+$/, 'it can stand in a URL as it is')
  t.strictSame(cursors.read(list, cursor ?? ''), position)
  t.end()
})

t.test('no cursor is the first page, and no position the last', (t) => {
  t.equal(cursors.read(list, undefined), undefined)
  t.equal(cursors.write(list, undefined), null)
  t.end()
})

t.test('no character of a cursor can be changed', (t) => {
  const cursor = cursors.write(list, ['k', 'id']) ?? ''
  for (let at = 0; at < cursor.length; at++) {
    const other = cursor[at] === 'A' ? 'B' : 'A'
    const tampered = cursor.slice(0, at) + other + cursor.slice(at + 1)
    // The last character is left out, because some of its bits are not used.
    if (at < cursor.length - 1) t.throws(() => cursors.read(list, tampered), { code: 'cursor.invalid' })
  }
  for (const more of ['', '.', `${cursor}.x`, cursor.slice(1), `.${cursor}`])
    t.throws(() => cursors.read(list, more), { kind: 'invalid', code: 'cursor.invalid' })
  t.end()
})

t.test('a cursor is of use for its own list only', (t) => {
  const cursor = cursors.write(list, ['k', 'id']) ?? ''
  for (const other of [
    ['products', 'x', 'name'],
    ['orders', undefined, 'name'],
    ['products', 'name'],
  ])
    t.throws(() => cursors.read(other, cursor), { code: 'cursor.invalid' })
  t.end()
})

t.test('a cursor of another secret is none', (t) => {
  const cursor = signedCursors('another secret').write(list, ['k', 'id']) ?? ''
  t.throws(() => cursors.read(list, cursor), { code: 'cursor.invalid' })
  t.end()
})
