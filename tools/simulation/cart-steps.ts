import type { Random } from '../shared/random.ts'
import { wayToPay } from './money-steps.ts'
import { guestCount, type CartStep } from './shopping.ts'
import { seamFaults, type Planned } from './steps.ts'

/** Customers, then guests. So few that they come back, and that some are at one cart at once. */
const shoppers = [0, 1, ...Array.from({ length: guestCount }, (_, index) => 4 + index)]
const codeCount = 4

/** What shoppers do with carts in a run of this length, and when order processes die in between. */
export function cartSteps(random: Random, lengthMs: number): readonly Planned[] {
  const at = (): number => random.integer(0, lengthMs)
  const steps: Planned[] = []
  for (let story = random.integer(3, 7); story > 0; story--) steps.push(...storyOf(random, at(), story))
  for (let left = random.integer(0, 2); left > 0; left--)
    steps.push({
      at: at(),
      step: { do: 'reprice', product: productOf(random), cents: random.integer(100, 400) },
    })
  for (let left = random.integer(0, 3); left > 0; left--) {
    const process = random.pick(['order-1', 'order-2'])
    steps.push({ at: at() / 2, step: { do: random.pick(seamFaults), process, times: 1 } })
  }
  return steps
}

/** Somebody fills a cart, and buys it, or does not. */
function storyOf(random: Random, startAt: number, story: number): readonly Planned[] {
  const shopper = random.pick(shoppers)
  const steps: Planned[] = []
  let at = startAt
  const next = (step: CartStep, withinMs = 1_500): void => {
    steps.push({ at, step })
    at += random.integer(0, withinMs)
  }
  for (let nth = random.integer(1, 3); nth > 0; nth--) next(addition(random, shopper, story * 10 + nth))
  if (random.chance(0.2))
    next({ do: 'change a quantity', shopper, nth: random.integer(0, 2), quantity: random.integer(0, 3) })
  if (random.chance(0.6)) next({ do: 'give a code', shopper, code: random.integer(0, codeCount - 1) })
  const customer = random.integer(0, 1)
  const buyer = shopper >= 4 && random.chance(0.4) ? customer : shopper
  if (buyer !== shopper) next({ do: 'log in', guest: shopper, customer })
  if (random.chance(0.85)) next(checkoutOf(random, buyer, story), 6_000)
  if (random.chance(0.2)) next({ do: 'reopen', shopper: buyer })
  if (random.chance(0.2)) next({ do: 'check out again', nth: random.integer(0, 10) })
  if (random.chance(0.25)) next(addition(random, buyer, story * 10 + 9))
  if (random.chance(0.3)) next(checkoutOf(random, buyer, story + 100))
  return steps
}

/** Mostly the one of which there is enough. */
const productOf = (random: Random): number => random.pick([0, 1, 2, 2, 2, 2, 2, 2])

const addition = (random: Random, shopper: number, key: number): CartStep => ({
  ...({ do: 'add to cart', shopper, key, product: productOf(random) } as const),
  ...{ quantity: random.integer(1, 2), isEngraved: random.chance(0.2) },
})

const checkoutOf = (random: Random, shopper: number, key: number): CartStep => ({
  ...({ do: 'check out', shopper, key } as const),
  how: random.pick([
    'once',
    'once',
    'once',
    'once',
    'twice',
    'twice',
    'old version',
    'wrong total',
    'priced anew',
  ]),
  hasKey: random.chance(0.7),
  ...wayToPay(random),
})
