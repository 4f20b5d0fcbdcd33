import t from 'tap'
import { behaviourOf } from './test-methods.ts'

t.test('the test payment methods of Stripe behave as documented', (t) => {
  const good = [
    'pm_card_visa',
    'pm_card_visa_debit',
    'pm_card_amex',
    'pm_card_de',
    'pm_card_threeDSecureOptional',
  ]
  for (const token of good) t.match(behaviourOf(token), { needsAction: false, failure: undefined }, token)
  t.match(behaviourOf('pm_card_threeDSecure2Required'), { needsAction: true, failure: undefined })
  t.match(behaviourOf('pm_card_threeDSecureRequiredChargeDeclined'), { needsAction: true, failure: {} })
  for (const [token, declineCode] of [
    ['pm_card_chargeDeclined', 'generic_decline'],
    ['pm_card_visa_chargeDeclined', 'generic_decline'],
    ['pm_card_chargeDeclinedInsufficientFunds', 'insufficient_funds'],
    ['pm_card_visa_chargeDeclinedLostCard', 'lost_card'],
    ['pm_card_visa_chargeDeclinedStolenCard', 'stolen_card'],
    ['pm_card_radarBlock', 'fraudulent'],
    ['pm_card_visa_chargeDeclinedVelocityLimitExceeded', 'card_velocity_exceeded'],
  ] as const)
    t.match(
      behaviourOf(token),
      { needsAction: false, failure: { code: 'card_declined', declineCode } },
      token,
    )
  t.match(behaviourOf('pm_card_createDispute'), { dispute: 'opened', disputeReason: 'fraudulent' })
  t.match(behaviourOf('pm_card_createDisputeInquiry'), { dispute: 'inquiry' })
  for (const token of [
    '',
    'visa',
    'pm_card_',
    'pm_card_unknown',
    'pm_card_chargeDeclinedNothing',
    '4242424242424242',
  ])
    t.equal(behaviourOf(token), undefined, token)
  t.end()
})
