import t from 'tap'
import { isPayable } from '../payment/domain/payment-method.ts'
import { mollieProvider } from '../payment/infrastructure/providers/mollie.ts'
import { stripeProvider } from '../payment/infrastructure/providers/stripe.ts'
import { createCall } from '../payment/testing/provider-contract.ts'
import { openSandbox } from './testing/sandbox.ts'

const timeoutMs = 5_000

/** Our minor units, what the provider writes for it, and whether that amount can be paid. */
const stripeCases = [
  ['EUR', 1_999n, 1_999],
  ['JPY', 1_999n, 1_999],
  ['KRW', 1_999n, 1_999],
  ['KWD', 1_990n, 1_990],
  ['KWD', 1_999n, undefined],
  ['ISK', 1_999n, 199_900],
  ['UGX', 1_999n, 199_900],
  ['MGA', 199_900n, 1_999],
  ['MGA', 199_950n, undefined],
  ['HUF', 20_000n, 20_000],
  ['CLF', 19_990n, undefined],
  ['USD', 49n, undefined],
] as const

t.test('Stripe gets each amount in its own units, and we get it back in ours', async (t) => {
  const sandbox = await openSandbox(t)
  const options = { secretKey: 'sk_test_1', webhookSecret: 'whsec_1', multicapture: false, timeoutMs }
  const provider = stripeProvider({ ...options, apiUrl: sandbox.url })
  const card = provider.methods[0]!
  for (const [currency, minor, units] of stripeCases) {
    t.equal(isPayable(card, minor, currency), units !== undefined, `${minor} ${currency}`)
    if (units === undefined) continue
    const result = await provider.create(createCall({ money: { minor, currency } }))
    if (result.kind !== 'captured') throw new Error(JSON.stringify(result.kind))
    t.match(result.payment, { currency, amountMinor: minor, captures: [{ cumulativeMinor: minor }] })
    const { data } = await sandbox.control<{ data: { ref: string; captured: number }[] }>(
      'GET',
      '/control/charges',
    )
    t.equal(data.find(({ ref }) => ref === result.payment.ref)?.captured, units, `${minor} ${currency}`)
  }
})

t.test('Stripe refuses what its units cannot express, and we are told that nothing was done', async (t) => {
  const sandbox = await openSandbox(t)
  const pay = async (currency: string, amount: number) => {
    const body = new URLSearchParams({
      amount: String(amount),
      currency: currency.toLowerCase(),
      confirm: 'true',
      payment_method: 'pm_card_visa',
      return_url: 'https://shop.example',
    })
    const headers = { authorization: 'Bearer sk_test_1' }
    return (await fetch(`${sandbox.url}/v1/payment_intents`, { method: 'POST', headers, body })).status
  }
  t.equal(await pay('KWD', 1_999), 400, 'three decimals end in 0')
  t.equal(await pay('ISK', 1_999), 400, 'two decimals that are 00')
  t.equal(await pay('UGX', 1_999), 400)
  t.equal(await pay('EUR', 49), 400, 'below the minimum')
  t.equal(await pay('EUR', 100_000_000), 400, 'nine digits')
  t.equal(await pay('EUR', 50), 200)
})

t.test('Mollie gets decimals as its documents list them', async (t) => {
  const sandbox = await openSandbox(t)
  const provider = mollieProvider({ apiKey: 'test_1', apiUrl: sandbox.url, timeoutMs })
  const card = provider.methods[0]!
  for (const [currency, minor, units] of [
    ['EUR', 1_999n, 1_999],
    ['JPY', 1_999n, 1_999],
    ['ISK', 1_999n, 1_999],
    ['KWD', 1_999n, undefined],
  ] as const) {
    t.equal(isPayable(card, minor, currency), units !== undefined, `${minor} ${currency}`)
    if (units === undefined) continue
    const result = await provider.create(createCall({ money: { minor, currency } }))
    t.match(result, { kind: 'captured', payment: { currency, amountMinor: minor } })
    const { data } = await sandbox.control<{ data: { captured: number }[] }>('GET', '/control/charges')
    t.equal(data.at(-1)?.captured, units)
  }
})
