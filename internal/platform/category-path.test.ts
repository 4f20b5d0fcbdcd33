import t from 'tap'
import { categoryKey, categoryNames, isWithin, pathsAbove } from './category-path.ts'

t.test('a path is read as people write it', async (t) => {
  t.strictSame(categoryNames(' /Kitchen // Tea pots/ '), ['Kitchen', 'Tea pots'])
  t.strictSame(categoryNames(' / /\u200b'), [])
  t.equal(categoryKey('KITCHEN / Café'), categoryKey('kitchen/CAFE\u0301'))
})

t.test('what is above a category ends at a slash', async (t) => {
  t.strictSame(pathsAbove('a/b/c'), ['a', 'a/b'])
  t.strictSame(pathsAbove('a'), [])
  t.strictSame(pathsAbove(''), [])
  t.ok(isWithin('a', 'a'))
  t.ok(isWithin('a/b', 'a'))
  t.notOk(isWithin('ab', 'a'))
  t.notOk(isWithin('a', 'a/b'))
})
