import { currencySetting } from '../platform/common-settings.ts'
import { integer } from '../platform/settings.ts'

export const cartSettings = {
  currency: currencySetting,
  abandonedAfterHours: integer(
    'CART_ABANDONED_HOURS',
    24,
    { min: 1, max: 8_760 },
    'After how many hours without a change a cart counts as abandoned, which `cart.abandoned` tells within the hour.',
  ),
  guestsKeptForDays: integer(
    'CART_GUEST_DAYS',
    30,
    { min: 1, max: 3_650 },
    "After how many days without a change a guest's cart is removed, but not before its events have left the outbox (STREAM_MAX_AGE_DAYS).",
  ),
  keeperIntervalMs: integer(
    'CART_KEEPER_INTERVAL_MS',
    60_000,
    { min: 100, max: 3_600_000 },
    'How often it is looked for carts that are abandoned or to be removed.',
  ),
} as const
