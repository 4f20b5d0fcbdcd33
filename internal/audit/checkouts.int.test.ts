import t, { type Test } from 'tap'
import { newId } from '../platform/new-id.ts'
import { insertEvents, insertOrder, lawfulWorld, type World } from './testing/lawful-world.ts'
import { violationsIn } from './testing/violations.ts'

// The invariants of orders that were made of carts, each seen to fail.

const [bought, other, cart, locked] = [newId(), newId(), newId(), newId()]
const taxed = { discountMinor: '50', taxMinor: '40' }
const terms = {
  cart: { id: cart, version: 3 },
  lines: [{ attributes: '', ...taxed }],
  shipping: { methodId: 'post', name: 'Post', priceMinor: '100', discountMinor: '0', taxMinor: '10' },
  ...{ discountMinor: '50', taxMinor: '50', isTaxIncluded: false },
  taxLines: [{ ratePpm: 200_000, netMinor: '250', taxMinor: '50' }],
  ...{ promotions: [], steps: [], customerKey: '', paysOffline: false },
}

/** A paid order of one unit at 2.50, with shipping, a discount and a tax that its price does not include. */
async function worldWithCheckout(t: Test): Promise<World> {
  const world = await lawfulWorld(t)
  await world.sql(
    insertOrder(bought, ['pending', 'confirmed', 'paid'], 1) +
      `update orders.orders set total_minor = 350, cart_id = '${cart}', terms = '${JSON.stringify(terms)}',
         buyer = '{"email": ""}', payment_status = 'paid', gate_version = -1, has_receipt = true where id = '${bought}';
       insert into carts.carts (id, status, version, lines, order_id, locked_version, touched_at, created_at, updated_at)
         values ('${cart}', 'ordered', 5, '[]', '${bought}', 3, now(), now(), now());
       ${insertEvents(
         'cart',
         cart,
         ['item_added', 'item_added', 'item_added', 'locked', 'ordered'].map((name) => `cart.${name}`),
       )}
       insert into inventory.reservations values ('${bought}', 'held', null, 1, now(), now());
       insert into inventory.stock_movements (product_id, order_id, kind, quantity, at)
         select product_id, '${bought}', 'reserve', -1, now() from inventory.stock;
       update inventory.stock set available = available - 1;
       ${insertEvents('reservation', bought, ['stock.reserved'])}`,
  )
  return world
}

t.test('a lawful checkout has no violation', async (t) => {
  t.strictSame(await violationsIn((await worldWithCheckout(t)).url), {})
})

const set = (path: string, value: string) =>
  `update orders.orders set terms = jsonb_set(terms, '${path}', '${value}') where id = '${bought}'`
const long = `updated_at = now() - interval '200 s'`
const insertLocked = (orderId: string) => `
  insert into carts.carts (id, status, version, lines, order_id, locked_version, touched_at, created_at, updated_at)
    values ('${locked}', 'locked', 2, '[]', '${orderId}', 1, now(), now(), now() - interval '200 s');
  ${insertEvents('cart', locked, ['cart.item_added', 'cart.locked'])}`

const plants: readonly { name: string; sql: string; violated: Record<string, RegExp> }[] = [
  {
    name: 'a total without its shipping',
    sql: `update orders.orders set total_minor = 250 where id = '${bought}'`,
    violated: { 'order-totals': /a total of 250, but parts of 350/ },
  },
  {
    name: 'terms for another number of lines',
    sql: set(
      '{lines}',
      JSON.stringify([...terms.lines, { attributes: '', discountMinor: '0', taxMinor: '0' }]),
    ),
    violated: { 'checkout-terms': /has other lines/ },
  },
  {
    name: 'a discount that its parts do not give',
    sql: set('{lines,0,discountMinor}', '"49"'),
    violated: { 'checkout-terms': /has discounts of 49 in its lines/ },
  },
  {
    name: 'a tax that its rates do not give',
    sql: set('{taxLines,0,taxMinor}', '"51"'),
    violated: { 'checkout-terms': /has taxes of 50 in its lines, and of 51 by rates/ },
  },
  {
    name: 'a cart that nobody has told',
    sql: `update orders.orders set awaiting_cart = true, ${long} where id = '${bought}'`,
    violated: { 'checkouts-followed-up': /is paid, and its cart has not been told/ },
  },
  {
    name: 'a payment that has not begun',
    sql: `update orders.orders set first_payment = '{}', status = 'confirmed', ${long} where id = '${bought}'`,
    violated: {
      'checkouts-followed-up': /its payment has not begun/,
      'order-histories': /is confirmed, but its history says/,
    },
  },
  {
    name: 'a cart that was ordered by nobody who paid',
    sql: `update orders.orders set cart_id = '${newId()}', updated_at = now() where id = '${bought}'`,
    violated: { 'carts-and-orders': new RegExp(`cart ${cart} is ordered, but no order of it was covered`) },
  },
  {
    name: 'a paid order whose cart is on offer',
    sql: `update carts.carts set status = 'active' where id = '${cart}';
      update orders.orders set ${long} where id = '${bought}'`,
    violated: {
      'carts-and-orders': new RegExp(`order ${bought} is paid, but its cart is active`),
      'events-tell-the-truth': /./,
    },
  },
  {
    name: 'two orders of one cart that live',
    sql: `drop index orders.orders_live_cart_key; ${insertOrder(other, ['pending', 'confirmed'], 1)}
      update orders.orders o set total_minor = 350, cart_id = b.cart_id, terms = b.terms, buyer = b.buyer
        from orders.orders b where b.id = '${bought}' and o.id = '${other}'`,
    violated: {
      'carts-and-orders': new RegExp(`cart ${cart} has 2 orders that live: .*${bought} is paid`),
      'orders-and-stock': /is confirmed, but its stock is not held/,
    },
  },
  {
    name: 'a cart that is locked for no order',
    sql: insertLocked(newId()),
    violated: { 'carts-and-orders': /is locked for order .* does not exist/ },
  },
]

for (const { name, sql, violated } of plants)
  t.test(`names ${name}`, async (t) => {
    const world = await worldWithCheckout(t)
    await world.sql(sql)
    const found = await violationsIn(world.url)
    t.strictSame(Object.keys(found).sort(), Object.keys(violated).sort(), JSON.stringify(found))
    for (const [invariant, pattern] of Object.entries(violated))
      t.match(found[invariant]?.join('\n'), pattern)
  })
