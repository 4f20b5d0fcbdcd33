import t from 'tap'
import { morning, newFamilyId, newProduct, newProductId, noon } from '../../testing/fixtures.ts'
import { createFamily, deleteFamily, maxMembers, optionsKey, renameFamily, requireMember } from './family.ts'
import { createProduct, updateProduct } from './product.ts'

const id = newFamilyId()
const family = (options: readonly string[] = ['size'], name = 'Shirt') =>
  createFamily(id, { name, options }, morning)

t.test('a family has a name and options', async (t) => {
  const { state, events } = family(['size', 'colour'], ' Shirt ')
  t.match(state, { name: 'Shirt', options: ['size', 'colour'], version: 1 })
  t.strictSame(events, [{ type: 'FamilyCreated', family: state }])
  const refused = (field: string) => ({ kind: 'invalid', code: 'family.invalid', details: { field } })
  for (const name of ['', ' ', 'a\nb', 'x'.repeat(201)])
    t.throws(() => family(['size'], name), refused('name'))
  const wrong = [[], ['Size'], ['a b'], ['size', 'size'], ['toString'], ['a', 'b', 'c', 'd', 'e', 'f']]
  for (const options of wrong) t.throws(() => family(options), refused('options'))
})

t.test('a family is renamed and deleted by who has seen it', async (t) => {
  const { state } = family()
  t.strictSame(renameFamily(state, 'Shirt', 1, noon).events, [])
  t.match(renameFamily(state, 'Tee', 1, noon), { state: { name: 'Tee', version: 2 } })
  const mismatch = { kind: 'conflict', code: 'family.version-mismatch' }
  t.throws(() => renameFamily(state, 'Tee', 2, noon), mismatch)
  t.throws(() => deleteFamily(state, false, 2, noon), mismatch)
  t.throws(() => deleteFamily(state, true, 1, noon), { code: 'family.has-products' })
  t.match(deleteFamily(state, false, 1, noon), { state: { version: 2, deletedAt: noon } })
})

t.test('a family that is full takes no more', async (t) => {
  const place = { familyId: id, options: { size: 'M' } }
  requireMember(family().state, place, maxMembers - 1)
  t.throws(() => requireMember(family().state, place, maxMembers), { kind: 'conflict', code: 'family.full' })
})

t.test('only products of a family have options, which are texts', async (t) => {
  const create = (options: Readonly<Record<string, unknown>>, familyId?: typeof id) =>
    createProduct(newProductId(), newProduct({ familyId, options }), morning).state
  const refused = { kind: 'invalid', code: 'product.invalid', details: { field: 'options' } }
  t.throws(() => create({ size: 'M' }), refused)
  for (const value of ['', ' ', 'a\nb', 'x'.repeat(201), 1, true, null])
    t.throws(() => create({ size: value }, id), refused)
  t.equal(create({}).membership, undefined)
  const product = create({ size: ' M ' }, id)
  t.strictSame(product.membership, { familyId: id, options: { size: 'M' } })
  t.throws(() => updateProduct(product, { familyId: null, options: { size: 'L' } }, 1, noon), refused)
  t.strictSame(updateProduct(product, { options: { size: 'M' } }, 1, noon).events, [])
})

t.test('the order of options means nothing, which a database may change', (t) => {
  const familyId = newFamilyId()
  const [colour, size] = ['red', 'L']
  t.equal(
    optionsKey({ familyId, options: { size, colour } }),
    optionsKey({ familyId, options: { colour, size } }),
  )
  const { state } = createProduct(
    newProductId(),
    newProduct({ familyId, options: { colour, size } }),
    morning,
  )
  const read = { ...state, membership: { familyId, options: { size, colour } } }
  t.same(updateProduct(read, { options: { colour, size } }, undefined, noon).events, [])
  t.equal(updateProduct(read, { options: { colour, size: 'M' } }, undefined, noon).events.length, 1)
  t.end()
})
