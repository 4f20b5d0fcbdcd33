import fc from 'fast-check'
import t from 'tap'
import { fromMollie, mollieLimits, toMollie } from './mollie-units.ts'
import { fromStripe, stripeLimits, toStripe } from './stripe-units.ts'

const currencies = ['EUR', 'JPY', 'KWD', 'ISK', 'UGX', 'MGA', 'HUF', 'CLP', 'BHD', 'USD', 'XOF', 'TND']

t.test('what a method takes, its provider can write, and we read it back to the cent', (t) => {
  fc.assert(
    fc.property(fc.constantFrom(...currencies), fc.bigInt({ min: 0n, max: 10n ** 9n }), (currency, wish) => {
      const stripe = stripeLimits(currency)
      const mollie = mollieLimits(currency)
      if (stripe) {
        const minor = within(wish, stripe)
        if (fromStripe(toStripe(minor, currency), currency) !== minor) return false
      }
      if (mollie) {
        const minor = within(wish, mollie)
        if (fromMollie(toMollie(minor, currency)) !== minor) return false
      }
      return true
    }),
  )
  t.end()
})

function within(wish: bigint, limits: NonNullable<ReturnType<typeof stripeLimits>>): bigint {
  const { minimumMinor, maximumMinor, stepMinor } = limits
  const range = (maximumMinor - minimumMinor) / stepMinor
  return minimumMinor + (wish % (range + 1n)) * stepMinor
}

t.test('the units of Stripe', (t) => {
  t.strictSame(
    [
      toStripe(1_999n, 'EUR'),
      toStripe(1_999n, 'JPY'),
      toStripe(1_990n, 'KWD'),
      toStripe(1_999n, 'ISK'),
      toStripe(1_999n, 'UGX'),
      toStripe(199_900n, 'MGA'),
    ],
    [1_999, 1_999, 1_990, 199_900, 199_900, 1_999],
  )
  t.throws(() => toStripe(199_950n, 'MGA'), 'half an ariary cannot be written')
  t.throws(() => fromStripe(199_950, 'ISK'), 'nor be read')
  t.match(
    [stripeLimits('KWD')?.stepMinor, stripeLimits('MGA')?.stepMinor, stripeLimits('EUR')?.stepMinor],
    [10n, 100n, 1n],
  )
  t.match([stripeLimits('EUR')?.minimumMinor, stripeLimits('GBP')?.minimumMinor], [50n, 30n])
  t.strictSame(
    [stripeLimits('CLF'), stripeLimits('XXX'), stripeLimits('USD', ['EUR'])],
    [undefined, undefined, undefined],
  )
  t.end()
})

t.test('the decimals of Mollie', (t) => {
  t.strictSame(toMollie(5n, 'EUR'), { currency: 'EUR', value: '0.05' })
  t.strictSame(toMollie(1_999n, 'ISK'), { currency: 'ISK', value: '1999' })
  t.equal(fromMollie({ currency: 'EUR', value: '-1.50' }), -150n)
  t.throws(() => fromMollie({ currency: 'EUR', value: '1e3' }))
  t.throws(() => fromMollie({ currency: 'JPY', value: '10.50' }))
  t.equal(fromMollie({ currency: 'JPY', value: '10.00' }), 10n)
  t.end()
})
