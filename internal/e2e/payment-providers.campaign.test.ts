import t, { type Test } from 'tap'
import type { Provider } from '../payment/application/provider.ts'
import { mollieProvider } from '../payment/infrastructure/providers/mollie.ts'
import { stripeProvider } from '../payment/infrastructure/providers/stripe.ts'
import { providerContract, type ProviderUnderTest } from '../payment/testing/provider-contract.ts'
import { answerPage, openSandbox, type TestSandbox } from './testing/sandbox.ts'

const timeoutMs = 1_500

const stripeAt = ({ url: apiUrl }: TestSandbox, multicapture: boolean): Provider =>
  stripeProvider({
    secretKey: 'sk_test_contract',
    webhookSecret: 'whsec_sandbox',
    apiUrl,
    timeoutMs,
    multicapture,
  })

const mollieAt = ({ url: apiUrl }: TestSandbox): Provider =>
  mollieProvider({ apiKey: 'test_contract', apiUrl, timeoutMs })

function contract(t: Test, provider: (sandbox: TestSandbox) => Provider): void {
  let under: ProviderUnderTest | undefined
  t.before(async () => {
    const sandbox = await openSandbox(t)
    under = {
      provider: provider(sandbox),
      answer: answerPage,
      refundAtDashboard: (ref, amount) =>
        sandbox.control('POST', `/control/charges/${ref}/refund`, { amount }),
      dispute: (ref, body) => sandbox.control('POST', `/control/charges/${ref}/dispute`, body),
      breakCalls: (manner) => sandbox.control('PUT', '/control', { calls: rates(manner) }),
    }
  })
  providerContract(t, () => under!)
}

const rates = (manner: Parameters<ProviderUnderTest['breakCalls']>[0]) => ({
  failRate: manner === 'fail' ? 1 : 0,
  hangRate: manner === 'hang' ? 1 : 0,
  doThenFailRate: manner === 'do-then-fail' ? 1 : 0,
})

t.test('stripe', (t) => {
  contract(t, (sandbox) => stripeAt(sandbox, false))
  t.end()
})

t.test('stripe with multicapture', (t) => {
  contract(t, (sandbox) => stripeAt(sandbox, true))
  t.end()
})

t.test('mollie', (t) => {
  contract(t, mollieAt)
  t.end()
})
