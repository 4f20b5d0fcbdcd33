import t from 'tap'
import { newId } from '../platform/new-id.ts'
import { aggregates } from '../services.ts'
import { runAudit } from './audit-service.ts'
import { canceled, insertEvents, lawfulWorld, user, type World } from './testing/lawful-world.ts'
import { oneDatabase } from './testing/violations.ts'

// Each thing that may be left of an erased person is left once, and seen to be named.

const erasedAt = `now() - interval '61 minutes'`

/** The person was erased an hour ago, and every context has confirmed it. */
async function erasedWorld(t: Parameters<typeof lawfulWorld>[0]): Promise<World> {
  const world = await lawfulWorld(t)
  const told = ['user.erased', ...Array.from({ length: 5 }, () => 'user.data_erased')]
  await world.sql(`
    update users.accounts set username = null, email = null, password_hash = null, has_password = false,
      erased_at = ${erasedAt}, event_version = 7 where id = '${user}';
    insert into users.erasures select '${user}', context, ${erasedAt}, now()
      from unnest(array['pricing', 'cart', 'payment', 'order', 'notification']) as context;
    update pricing.redemptions set customer_key = null;
    ${insertEvents('user', user, told, 2)}`)
  return world
}

async function foundIn({ url }: World): Promise<string> {
  const { invariants } = await runAudit({ aggregates, databases: oneDatabase(url), nats: undefined })
  return invariants.find(({ name }) => name === 'erased-people')?.offenders.join() ?? 'not judged'
}

const address = `{"name":"Ann","line1":"1 Lane","country":"GB"}`

const left: readonly (readonly [what: string, sql: string, words: RegExp])[] = [
  [
    'a session',
    `insert into users.sessions values ('${newId()}', '${user}', 1, now(), now(), now(), null, '', '')`,
    /has a session/,
  ],
  [
    'an identity elsewhere',
    `insert into users.identities values ('${newId()}', '${user}', 'p', 'i', '1', now())`,
    /has an identity elsewhere/,
  ],
  [
    'a saved address',
    `insert into users.addresses values ('${newId()}', '${user}', '${address}', false, false, now(), now())`,
    /has a saved address/,
  ],
  [
    'a context that has not confirmed',
    `update users.erasures set confirmed_at = null where context = 'payment'`,
    /payment has not confirmed it/,
  ],
  [
    'orders that were not confirmed, although none is open',
    `update users.erasures set confirmed_at = null where context = 'order';
     update orders.orders set status = 'canceled'`,
    /order has not confirmed it/,
  ],
  [
    'the buyer of an order',
    `update orders.orders set cart_id = '${newId()}', terms = '{}', buyer = '{"email":"","delivery":${address}}'
     where id = '${canceled}'`,
    /order .* names its buyer/,
  ],
  [
    'a reason that was given',
    `update orders.orders set history = '[{"status":"canceled","reason":"Ann is ill"}]' where id = '${canceled}'`,
    /order .* has what they wrote/,
  ],
  [
    'an engraving of an order',
    `update orders.orders set cart_id = '${newId()}', buyer = '{"email":"","delivery":{"name":"","line1":"","country":"GB"}}',
       terms = '{"lines":[{"attributes":"{\\"for\\":\\"Ann\\"}"}]}'
     where id = '${canceled}'`,
    /order .* has what they wrote/,
  ],
  [
    'an engraving of a cart that was ordered',
    `insert into carts.carts (id, user_id, status, version, lines, order_id, locked_version, touched_at, created_at, updated_at)
     values ('${newId()}', '${user}', 'ordered', 1, '[{"attributes":"{\\"for\\":\\"Ann\\"}"}]', '${newId()}', 1, now(), now(), now())`,
    /cart still has what is in cart/,
  ],
  [
    'the address of a cart',
    `insert into carts.carts (id, user_id, status, version, lines, delivery, touched_at, created_at, updated_at)
     values ('${newId()}', '${user}', 'active', 1, '[]', '{"address":${address}}', now(), now(), now())`,
    /cart still has where cart .* is delivered to/,
  ],
  [
    'the key of a redemption',
    `update pricing.redemptions set customer_key = '${user}'`,
    /pricing still has their key/,
  ],
  [
    'preferences',
    `insert into notifications.preferences values ('${user}', 'de', '[]', now())`,
    /notification still has what they want to be told/,
  ],
]

for (const [what, sql, words] of left)
  t.test(`notices ${what}`, async (t) => {
    const world = await erasedWorld(t)
    await world.sql(sql)
    t.match(await foundIn(world), words)
  })

t.test('somebody of whom nothing is left breaks no rule', async (t) => {
  t.equal(await foundIn(await erasedWorld(t)), '')
})

t.test('the order of somebody who paid in the moment of the erasure may wait', async (t) => {
  const world = await erasedWorld(t)
  await world.sql(`update users.erasures set confirmed_at = null where context = 'order'`)
  t.equal(await foundIn(world), '', 'one of the orders is confirmed and unpaid')
})
