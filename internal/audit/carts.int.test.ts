import t, { type Test } from 'tap'
import { newId } from '../platform/new-id.ts'
import { insertEvents, lawfulWorld, product, user, type World } from './testing/lawful-world.ts'
import { violationsIn } from './testing/violations.ts'

// The invariants of carts, each seen to fail.

const [mine, guests, other] = [newId(), newId(), newId()]
const [mug, engraved, newest] = [newId(), newId(), newId()]

const line = (lineId: string, quantity: number, attributes = '') => ({
  ...{ lineId, productId: product, quantity, attributes },
  ...{ sku: 'MUG', name: 'mug', priceMinor: '250', currency: 'USD' },
})

type Row = {
  readonly id: string
  readonly owner?: string
  readonly status?: string
  readonly lines?: readonly object[]
  readonly into?: string
  readonly intoVersion?: number
  readonly events: readonly string[]
}

function insertCart({ id, owner, status = 'active', lines = [], into, intoVersion, events }: Row): string {
  const text = (value: string | number | undefined): string => (value === undefined ? 'null' : `'${value}'`)
  return `
    insert into carts.carts (id, user_id, status, version, lines, merged_into, merged_version, touched_at, created_at, updated_at)
    values ('${id}', ${text(owner)}, '${status}', ${events.length}, '${JSON.stringify(lines)}', ${text(into)},
      ${text(intoVersion)}, now(), now(), now());
    ${insertEvents(
      'cart',
      id,
      events.map((event) => `cart.${event}`),
    )}`
}

/** A user's cart into which a guest's was merged, as the cart service would have left them. */
async function worldWithCarts(t: Test): Promise<World> {
  const world = await lawfulWorld(t)
  await world.sql(
    insertCart({
      ...{ id: mine, owner: user, events: ['item_added', 'merged'] },
      lines: [line(mug, 3), line(engraved, 1, '{"engraving":"Ada"}')],
    }) +
      insertCart({
        ...{
          id: guests,
          status: 'merged',
          into: mine,
          intoVersion: 2,
          events: ['item_added', 'item_added', 'merged'],
        },
        lines: [line(newest, 2), line(newId(), 1, '{"engraving":"Ada"}')],
      }),
  )
  return world
}

t.test('lawful carts have no violation', async (t) => {
  t.strictSame(await violationsIn((await worldWithCarts(t)).url), {})
})

const plants: readonly { name: string; sql: string; violated: Record<string, RegExp> }[] = [
  {
    name: 'a user with two carts',
    sql: `drop index carts.carts_live_user; ${insertCart({ id: other, owner: user, status: 'abandoned', events: ['abandoned'] })}`,
    violated: { 'carts-live': /has 2 carts at once/ },
  },
  {
    name: 'a line of nothing',
    sql: `update carts.carts set lines = jsonb_set(lines, '{0,quantity}', '0') where id = '${mine}'`,
    violated: {
      'cart-lines': new RegExp(`${mine} has a line of nothing`),
      'carts-merged': /has not 2 of product/,
    },
  },
  {
    name: 'two lines with one id',
    sql: `update carts.carts set lines = jsonb_set(lines, '{1,lineId}', '"${mug}"') where id = '${mine}'`,
    violated: { 'cart-lines': /has two lines with one id/ },
  },
  {
    name: 'two equal lines',
    sql: `update carts.carts set lines = lines || '${JSON.stringify([line(newest, 1)])}'::jsonb where id = '${mine}'`,
    violated: { 'cart-lines': /has two equal lines/ },
  },
  {
    name: 'a merge that lost a line',
    sql: `update carts.carts set lines = lines - 1 where id = '${mine}'`,
    violated: {
      'carts-merged': new RegExp(`${guests} was merged into ${mine}, which has not 1 of product ${product}`),
    },
  },
  {
    name: 'a merge that lost units',
    sql: `update carts.carts set lines = jsonb_set(lines, '{0,quantity}', '1') where id = '${mine}'`,
    violated: { 'carts-merged': /which has not 2 of product/ },
  },
  {
    name: 'a merge into nothing',
    sql: `update carts.carts set merged_into = null where id = '${guests}'`,
    violated: { 'carts-merged': /was merged with lines into nothing/ },
  },
  {
    name: 'a merge into a cart that does not exist',
    sql: `update carts.carts set merged_into = '${other}' where id = '${guests}'`,
    violated: { 'carts-merged': /into a cart that does not exist/ },
  },
  {
    name: 'a merge into the cart of a guest',
    sql: `update carts.carts set user_id = null where id = '${mine}'`,
    violated: { 'carts-merged': /is no user's/ },
  },
  {
    name: "a user's cart that was merged",
    sql: `update carts.carts set user_id = '${newId()}' where id = '${guests}'`,
    violated: { 'carts-merged': /is the cart of a user, and was merged/ },
  },
  {
    name: 'a status that no event has told',
    sql: `update carts.carts set status = 'abandoned' where id = '${mine}'`,
    violated: { 'events-tell-the-truth': /is abandoned, but its last event says cart.merged/ },
  },
  {
    name: 'a change without its event',
    sql: `update carts.carts set version = 3 where id = '${mine}'`,
    violated: { 'events-of-transitions': /cart .* has version 3, but its last event has 2/ },
  },
  {
    name: 'events of a cart that does not exist',
    sql: insertEvents('cart', other, ['cart.item_added']),
    violated: { 'events-of-something': new RegExp(`cart ${other} has events, but does not exist`) },
  },
]

for (const { name, sql, violated } of plants) {
  t.test(`names ${name}`, async (t) => {
    const world = await worldWithCarts(t)
    await world.sql(sql)
    const found = await violationsIn(world.url)
    for (const [invariant, offender] of Object.entries(violated))
      t.match(found[invariant]?.join('\n'), offender, invariant)
  })
}

t.test('what its owner takes out after a merge is not lost', async (t) => {
  const world = await worldWithCarts(t)
  await world.sql(`update carts.carts set lines = '[]', version = 3 where id = '${mine}';
    ${insertEvents('cart', mine, ['cart.cleared'], 3)}`)
  t.strictSame(await violationsIn(world.url), {})
})
