import t from 'tap'
import { onceForEach } from './once-for-each.ts'

t.test('the work is done once for an object, and again for another one like it', async (t) => {
  let worked = 0
  const count = onceForEach(({ text }: { readonly text: string }): number | undefined => {
    worked++
    return text === '' ? undefined : text.length
  })
  const [one, like, empty] = [{ text: 'abc' }, { text: 'abc' }, { text: '' }]
  t.same([count(one), count(one), count(like)], [3, 3, 3])
  t.equal(worked, 2)
  t.same([count(empty), count(empty)], [undefined, undefined])
  t.equal(worked, 3)
})
