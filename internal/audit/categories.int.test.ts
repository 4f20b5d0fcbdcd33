import t from 'tap'
import { newId } from '../platform/new-id.ts'
import { insertEvents, lawfulWorld } from './testing/lawful-world.ts'
import { violationsIn } from './testing/violations.ts'

// Each rule of the tree of categories is broken once, and seen to be named.

const inserted = (id: string, parentId: string | undefined, name: string, path: string): string => `
  insert into inventory.categories (id, parent_id, name, path, path_key, version, is_derived, created_at, updated_at)
  values ('${id}', ${parentId ? `'${parentId}'` : 'null'}, '${name}', '${path}', '${path}', 1, true, now(), now());`

const [above, below] = [newId(), newId()]
const pair = `${inserted(above, undefined, 'a', 'a')} ${inserted(below, above, 'b', 'a/b')}`

const family = newId()
const insertedFamily = `insert into inventory.families (id, name, options, version, created_at, updated_at)
  values ('${family}', 'Shirt', '{size}', 1, now() - interval '400 days', now() - interval '400 days');`
const familySql = `${insertedFamily} ${insertEvents('family', family, ['family.created'])};
  update inventory.products set family_id = '${family}', options = '{"size": "M"}', options_key = 'M';`

const broken: readonly (readonly [what: string, sql: string, violated: Readonly<Record<string, RegExp>>])[] =
  [
    [
      'two categories that are above each other',
      `${pair} update inventory.categories set parent_id = '${below}' where id = '${above}'`,
      { 'category-tree': /has the path a, and not a\/b\/a$/ },
    ],
    [
      'a category below one that is gone',
      `${pair} update inventory.categories set deleted_at = now() where id = '${above}'`,
      { 'category-tree': /is below a category that is not there$/ },
    ],
    [
      'a path that is not the one of its place',
      inserted(above, undefined, 'a', 'b'),
      { 'category-tree': /has the path b, and not a$/ },
    ],
    [
      'a product without a category',
      `alter table inventory.products disable trigger user; update inventory.products set category_id = null`,
      { 'products-in-categories': /is in a category that is not there$/ },
    ],
    [
      'a product in a category that is gone',
      `update inventory.categories set deleted_at = now()`,
      { 'products-in-categories': /is in a category that is not there$/ },
    ],
    [
      'an attribute that no category has',
      `update inventory.products set attributes = '{"material": "steel"}'`,
      { 'attributes-of-products': /has the attribute material as a string, and its category has none$/ },
    ],
    [
      'an attribute of another type than the nearest category has',
      `update inventory.categories set attributes = '[{"name": "lid", "type": "boolean"}]';
       update inventory.products set attributes = '{"lid": 1}'`,
      { 'attributes-of-products': /has the attribute lid as a number, and its category as a boolean$/ },
    ],
    [
      'a product in a family that is gone',
      `${familySql} update inventory.families set deleted_at = now()`,
      { 'products-in-families': /is in a family that is not there$/ },
    ],
    [
      'a product with other options than its family',
      `${familySql} update inventory.products set options = '{"colour": "red"}'`,
      { 'products-in-families': /has other options than its family$/ },
    ],
    [
      'a product that shows another path',
      `alter table inventory.products disable trigger user; update inventory.products set category = 'bath'`,
      { 'products-in-categories': /shows the category bath, and is in kitchen$/ },
    ],
  ]

for (const [what, sql, violated] of broken) {
  t.test(`the audit sees ${what}`, async (t) => {
    const world = await lawfulWorld(t)
    t.strictSame(await violationsIn(world.url), {})
    await world.sql(sql)
    const violations = await violationsIn(world.url)
    t.strictSame(Object.keys(violations), Object.keys(violated))
    t.match(violations, Object.fromEntries(Object.entries(violated).map(([name, words]) => [name, [words]])))
  })
}

t.test('a tree is lawful', async (t) => {
  const world = await lawfulWorld(t)
  await world.sql(`${pair} ${familySql} update inventory.categories set attributes = '[{"name": "lid", "type": "boolean"}]';
    update inventory.products set attributes = '{"lid": true}'`)
  t.strictSame(await violationsIn(world.url), {})
})
