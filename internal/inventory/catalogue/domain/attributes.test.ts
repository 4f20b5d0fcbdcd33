import t from 'tap'
import { morning, newCategoryId, noon } from '../../testing/fixtures.ts'
import { lineageOf, lostAttributes, schemaOf } from './attribute-schema.ts'
import { parseAttributes, parseDefinitions, requireFit } from './attributes.ts'
import type { Category, CategoryTree } from './category.ts'
import { changedTree } from './category.ts'
import { createCategory, updateCategory, type NewCategory } from './category-tree.ts'

const text = (name: string) => ({ name, type: 'string' })
const number = (name: string) => ({ name, type: 'number' })

/** Kitchen has a material and a size, pots in it have a size of another type and a lid. */
function kitchen() {
  let tree: CategoryTree = new Map()
  const add = (input: NewCategory): Category => {
    const { state, events } = createCategory(tree, newCategoryId(), input, morning)
    tree = changedTree(tree, events)
    return state
  }
  const root = add({ name: 'Kitchen', parentId: undefined, attributes: [text('size'), text('material')] })
  const lid = { name: 'lid', type: 'boolean' }
  const pots = add({ name: 'Pots', parentId: root.id, attributes: [number('size'), lid] })
  return { tree, root, pots }
}

t.test('definitions are sorted, and what is none is refused', async (t) => {
  t.strictSame(parseDefinitions([text('size'), number('depth')]), [number('depth'), text('size')])
  const refused = { kind: 'invalid', code: 'category.invalid', details: { field: 'attributes' } }
  for (const wrong of [
    [text('')],
    [text('Size')],
    [text('a.b')],
    [text('toString')],
    [text('x'.repeat(41))],
    [{ name: 'a', type: 'date' }],
    [text('a'), number('a')],
    Array.from({ length: 51 }, (_, place) => text(`a${place}`)),
  ])
    t.throws(() => parseDefinitions(wrong), refused)
})

t.test('attributes are texts, numbers and truths, sorted by name', async (t) => {
  t.equal(
    JSON.stringify(parseAttributes({ b: ' Steel ', a: 0.5, c: false })),
    '{"a":0.5,"b":"Steel","c":false}',
  )
  for (const value of ['', ' ', 'a\nb', '\ud800', 'x'.repeat(201), NaN, Infinity, null, {}, []])
    t.throws(() => parseAttributes({ a: value }), {
      kind: 'invalid',
      code: 'product.invalid-attribute',
      details: { attribute: 'a' },
    })
})

t.test('what is nearer comes before what is above', async (t) => {
  const { tree, pots } = kitchen()
  const schema = schemaOf(lineageOf(tree, pots))
  t.strictSame(Object.fromEntries(schema), { material: 'string', size: 'number', lid: 'boolean' })
  requireFit({ material: 'steel', size: 3, lid: true }, schema)
  const refused = (attribute: string) => ({ code: 'product.invalid-attribute', details: { attribute } })
  t.throws(() => requireFit({ size: '3' }, schema), refused('size'))
  t.throws(() => requireFit({ colour: 'red' }, schema), refused('colour'))
})

t.test('a change tells which attributes products lose by it', async (t) => {
  const { tree, root, pots } = kitchen()
  const lostBy = (id: Category['id'], patch: Parameters<typeof updateCategory>[2]) =>
    lostAttributes(tree, updateCategory(tree, id, patch, undefined, noon).events)
  t.strictSame(lostBy(root.id, { name: 'Cuisine' }), [])
  t.strictSame(lostBy(root.id, { attributes: [text('size'), text('material'), text('more')] }), [])
  t.strictSame(lostBy(root.id, { attributes: [] }), [
    { categoryId: root.id, names: ['material', 'size'] },
    { categoryId: pots.id, names: ['material'] },
  ])
  t.strictSame(lostBy(pots.id, { attributes: [] }), [{ categoryId: pots.id, names: ['size', 'lid'] }])
  t.strictSame(lostBy(pots.id, { parentId: null }), [{ categoryId: pots.id, names: ['material'] }])
})

t.test('other attributes are another version, and the same are none', async (t) => {
  const { tree, root } = kitchen()
  const change = (attributes: NewCategory['attributes']) =>
    updateCategory(tree, root.id, { attributes }, 1, noon)
  t.strictSame(change([text('material'), text('size')]).events, [])
  const { state, events } = change([text('material')])
  t.match(state, { version: 2, attributes: [text('material')] })
  t.equal(events.length, 1, 'what is below it stays as it is')
})
