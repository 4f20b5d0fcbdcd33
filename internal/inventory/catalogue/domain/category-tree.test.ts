import t from 'tap'
import { morning, newCategoryId, noon } from '../../testing/fixtures.ts'
import { maxCategories, type Category, type CategoryTree } from './category.ts'
import { categoryAt, createCategory, deleteCategory, updateCategory } from './category-tree.ts'

/** A tree with these paths. */
function grown(...paths: readonly string[]): CategoryTree {
  const tree = new Map<Category['id'], Category>()
  for (const path of paths)
    for (const { category } of categoryAt(tree, path, newCategoryId, morning).events)
      tree.set(category.id, category)
  return tree
}

const at = (tree: CategoryTree, path: string): Category =>
  [...tree.values()].find((category) => category.path === path)!

const pathsOf = ({ events }: { readonly events: readonly { readonly category: Category }[] }) =>
  events.map(({ category }) => `${category.path} ${category.version}`)

t.test('a new category is version 1 at its place', async (t) => {
  const tree = grown('Kitchen')
  const parentId = at(tree, 'Kitchen').id
  const id = newCategoryId()
  const { state, events } = createCategory(tree, id, { name: ' Tea pots ', parentId }, noon)
  t.match(state, { id, parentId, name: 'Tea pots', path: 'Kitchen/Tea pots', version: 1, createdAt: noon })
  t.strictSame(events, [{ type: 'CategoryCreated', category: state }])
})

for (const [name, what] of [
  ['', 'no name'],
  [' ', 'blanks'],
  ['\u200b', 'nothing that is seen'],
  ['a/b', 'a slash'],
  ['a/', 'a slash behind it'],
  ['a\nb', 'two lines'],
  ['\ud800', 'half a character'],
  ['x'.repeat(101), 'a long name'],
] as const) {
  t.test(`a name is refused that is ${what}`, async (t) => {
    const refused = { kind: 'invalid', code: 'category.invalid', details: { field: 'name' } }
    t.throws(() => createCategory(grown(), newCategoryId(), { name, parentId: undefined }, noon), refused)
    const tree = grown('a')
    t.throws(() => updateCategory(tree, at(tree, 'a').id, { name }, undefined, noon), refused)
  })
}

t.test('no two categories of one place have the same name', async (t) => {
  const tree = grown('Küche/Pots', 'Garden/Pots')
  const create = (name: string, parentId: Category['parentId']) => () =>
    createCategory(tree, newCategoryId(), { name, parentId }, noon)
  const taken = { kind: 'conflict', code: 'category.taken' }
  t.throws(create('KÜCHE'.normalize('NFD'), undefined), taken)
  t.throws(create('pots', at(tree, 'Küche').id), taken)
  t.doesNotThrow(create('pots', undefined))
  const garden = at(tree, 'Garden/Pots')
  t.throws(() => updateCategory(tree, garden.id, { parentId: at(tree, 'Küche').id }, undefined, noon), taken)
  const shouted = updateCategory(tree, garden.id, { name: 'POTS' }, undefined, noon)
  t.equal(shouted.state.path, 'Garden/POTS', 'its own name in another case')
})

t.test('a parent has to be there', async (t) => {
  const wanted = { name: 'x', parentId: newCategoryId() }
  const refused = { kind: 'invalid', code: 'category.invalid', details: { field: 'parentId' } }
  t.throws(() => createCategory(grown(), newCategoryId(), wanted, noon), refused)
})

t.test('what is below a category is renamed and moved with it', async (t) => {
  const tree = grown('a/b/c', 'a/b2', 'd')
  const renamed = updateCategory(tree, at(tree, 'a/b').id, { name: 'B' }, 1, noon)
  t.strictSame(pathsOf(renamed), ['a/B 2', 'a/B/c 2'], 'a name that goes on is another one')
  const moved = updateCategory(tree, at(tree, 'a/b').id, { parentId: at(tree, 'd').id }, 1, noon)
  t.strictSame(pathsOf(moved), ['d/b 2', 'd/b/c 2'])
  t.match(moved.events[1], { type: 'CategoryUpdated', category: { parentId: at(tree, 'a/b').id } })
  const out = updateCategory(tree, at(tree, 'a/b/c').id, { parentId: null, name: 'C' }, 1, noon)
  t.strictSame(pathsOf(out), ['C 2'])
  t.equal(out.state.parentId, undefined)
})

t.test('a patch that says what is so changes nothing', async (t) => {
  const tree = grown('a/b')
  const { id, parentId } = at(tree, 'a/b')
  for (const patch of [{}, { name: ' b ' }, { parentId }])
    t.strictSame(updateCategory(tree, id, patch, 1, noon).events, [])
})

t.test('a category is never below itself', async (t) => {
  const tree = grown('a/b/c')
  const refused = { kind: 'conflict', code: 'category.below-itself' }
  for (const path of ['a', 'a/b', 'a/b/c'])
    t.throws(
      () => updateCategory(tree, at(tree, 'a').id, { parentId: at(tree, path).id }, undefined, noon),
      refused,
    )
})

t.test('a tree is so deep, so long and so large at most', async (t) => {
  const tree = grown('1/2/3/4/5/6', 'x/y')
  const six = at(tree, '1/2/3/4/5/6')
  const deep = { kind: 'invalid', code: 'category.invalid', details: { field: 'parentId' } }
  t.throws(() => createCategory(tree, newCategoryId(), { name: '7', parentId: six.id }, noon), deep)
  const onto = { parentId: at(tree, '1/2/3/4/5').id }
  t.throws(() => updateCategory(tree, at(tree, 'x').id, onto, undefined, noon), deep)
  const long = grown(`${'a'.repeat(100)}/${'b'.repeat(100)}`, `c/${'d'.repeat(60)}`)
  const below = { parentId: at(long, `${'a'.repeat(100)}/${'b'.repeat(100)}`).id }
  t.throws(() => updateCategory(long, at(long, 'c').id, below, undefined, noon), deep)
  const full = new Map(Array.from({ length: maxCategories }, () => [newCategoryId(), six]))
  t.throws(() => createCategory(full, newCategoryId(), { name: 'one more', parentId: undefined }, noon), {
    kind: 'conflict',
    code: 'category.too-many',
  })
})

t.test('a path makes what is missing of it, and finds the rest in any case', async (t) => {
  const tree = grown('Kitchen/Pots')
  const { state, events } = categoryAt(tree, 'KITCHEN/pots/Small/Blue', newCategoryId, noon)
  t.strictSame(pathsOf({ events }), ['Kitchen/Pots/Small 1', 'Kitchen/Pots/Small/Blue 1'])
  t.equal(state.parentId, events[0]?.category.id)
  const again = categoryAt(tree, 'kitchen/POTS', newCategoryId, noon)
  t.strictSame(again, { state: at(tree, 'Kitchen/Pots'), events: [] })
})

t.test('only what is empty is deleted, and nobody changes what has changed since', async (t) => {
  const tree = grown('a/b')
  const [a, b] = [at(tree, 'a').id, at(tree, 'a/b').id]
  t.throws(() => deleteCategory(tree, a, false, undefined, noon), { code: 'category.has-children' })
  t.throws(() => deleteCategory(tree, b, true, undefined, noon), { code: 'category.has-products' })
  const mismatch = {
    kind: 'conflict',
    code: 'category.version-mismatch',
    details: { expected: 2, current: 1 },
  }
  t.throws(() => deleteCategory(tree, b, false, 2, noon), mismatch)
  t.throws(() => updateCategory(tree, b, { name: 'c' }, 2, noon), mismatch)
  const gone = deleteCategory(tree, b, false, 1, noon)
  t.match(gone, { state: { version: 2, deletedAt: noon }, events: [{ type: 'CategoryDeleted' }] })
  const unknown = { kind: 'not-found', code: 'category.not-found' }
  t.throws(() => deleteCategory(tree, newCategoryId(), false, undefined, noon), unknown)
})
