import type { Random } from '../shared/random.ts'

/** What a customer does to pay. */
export type WayToPay = {
  readonly method: 'card' | 'ideal' | 'paypal' | 'invoice'
  /** Empty for methods that take none. */
  readonly token: string
  /** What happens at the provider's page; undefined: the customer is not sent there. `late`: after the hold has ended. */
  readonly page: 'approve' | 'decline' | 'leave' | 'late' | undefined
  /** The first attempt comes to nothing, and another card pays. */
  readonly hasAnotherCard: boolean
}

const card = { method: 'card', page: undefined, hasAnotherCard: false } as const
const secure = { ...card, token: 'pm_card_threeDSecure2Required' } as const
const sentTo = (method: 'ideal' | 'paypal', page: WayToPay['page']): WayToPay => ({
  ...{ method, token: '', page, hasAnotherCard: false },
})

export const visa: WayToPay = { ...card, token: 'pm_card_visa' }
export const paypal: WayToPay = sentTo('paypal', 'approve')

/** Out of a hundred customers. */
const ways: readonly (readonly [number, WayToPay])[] = [
  [34, visa],
  [4, { ...card, token: 'pm_card_pendingRefund' }],
  [4, { ...card, token: 'pm_card_refundFail' }],
  [12, { ...card, token: 'pm_card_chargeDeclined', hasAnotherCard: true }],
  [11, { ...secure, page: 'approve' }],
  [
    3,
    { ...secure, token: 'pm_card_threeDSecureRequiredChargeDeclined', page: 'approve', hasAnotherCard: true },
  ],
  [4, { ...secure, page: 'decline', hasAnotherCard: true }],
  [4, { ...secure, page: 'leave' }],
  [5, { ...secure, page: 'late' }],
  [6, paypal],
  [6, sentTo('ideal', 'approve')],
  [2, sentTo('ideal', 'leave')],
  [2, sentTo('ideal', 'late')],
  [5, { ...card, method: 'invoice', token: '' }],
]

export type Ways = { readonly pick: (random: Random) => WayToPay }

const chosenFrom = (shares: readonly (readonly [number, WayToPay])[]): Ways => ({
  pick(random) {
    let lot = random.next() * shares.reduce((sum, [share]) => sum + share, 0)
    for (const [share, way] of shares) {
      lot -= share
      if (lot < 0) return way
    }
    return visa
  },
})

export const waysAtStripe: Ways = chosenFrom(ways)
/** An attempt at Mollie that nobody answers stays open for hours, so all customers answer. */
export const waysAtMollie: Ways = chosenFrom(
  ways.filter(([, { page }]) => page !== 'leave' && page !== 'late'),
)
