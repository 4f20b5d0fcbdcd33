import t from 'tap'
import { twilioContradictions, twilioSettings } from './twilio-settings.ts'

const account = {
  twilioAccountSid: `AC${'0'.repeat(32)}`,
  twilioAuthToken: 'a token',
  twilioFrom: '+15005550006',
}

t.test('text messages come from a number, a name or a messaging service', (t) => {
  const { parse } = twilioSettings.twilioFrom
  const service = `MG${'0'.repeat(32)}`
  for (const from of ['+15005550006', 'Tillstream', 'Mug 4 you', service]) t.equal(parse(from), from)
  for (const from of ['15005550006', '+1 500 555 0006', 'A long name of a shop', 'Müller', 'MG12345678901'])
    t.equal(parse(from), undefined, from)
  t.end()
})

t.test('an account needs its token and somebody from whom messages come', (t) => {
  t.same(twilioContradictions(account), [])
  t.same(
    twilioContradictions({ ...account, twilioAccountSid: '', twilioFrom: '' }),
    [],
    'no account, no messages',
  )
  t.same(twilioContradictions({ ...account, twilioAuthToken: '', twilioFrom: '' }), [
    'TWILIO_AUTH_TOKEN must be set where TWILIO_ACCOUNT_SID is',
    'TWILIO_FROM must be set where TWILIO_ACCOUNT_SID is',
  ])
  t.end()
})
