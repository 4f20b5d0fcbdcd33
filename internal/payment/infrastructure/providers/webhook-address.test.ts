import t from 'tap'
import { webhookAddress } from './webhook-address.ts'

t.test('a provider is told the public address, if there is one', async (t) => {
  t.equal(webhookAddress('https://shop.example')('mollie'), 'https://shop.example/webhooks/mollie')
  t.equal(webhookAddress('https://shop.example/api/')('mollie'), 'https://shop.example/api/webhooks/mollie')
  t.equal(webhookAddress('')('mollie'), undefined)
})
