import t from 'tap'
import { fakeProvider } from '../testing/fake-provider.ts'
import type { Inbox, NewMessage } from './inbox.ts'
import { receiveWebhook } from './webhooks.ts'

const { provider } = fakeProvider()
const bytes = Buffer.from(JSON.stringify({ ref: 'pi_1', eventId: 'evt_1' }))

function receiving(receive: (message: NewMessage) => Promise<void>) {
  const inbox = { receive } as Pick<Inbox, 'receive'> as Inbox // nothing else is asked of it
  return receiveWebhook({
    inbox,
    accounts: { findRef: async () => undefined },
    providerOf: (name) => (name === 'fake' ? provider : undefined),
    now: () => new Date(),
  })
}

t.test('a message that cannot be stored is not accepted', async (t) => {
  const away = receiving(async () => Promise.reject(new Error('database away')))
  await t.rejects(away('fake', { 'x-signature': 'good' }, bytes), /database away/)
})

t.test('a forged message is refused and stored nowhere', async (t) => {
  const stored: NewMessage[] = []
  const receive = receiving(async (message) => void stored.push(message))
  await t.rejects(receive('fake', {}, bytes), { kind: 'invalid', code: 'webhook.bad-signature' })
  await t.rejects(receive('unknown', {}, bytes), { kind: 'not-found', code: 'webhook.unknown-provider' })
  t.strictSame(stored, [])
  await receive('fake', { 'x-signature': 'good' }, bytes)
  t.match(stored, [{ provider: 'fake', eventId: 'evt_1', resource: 'pi_1' }])
})
