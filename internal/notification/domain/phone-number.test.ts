import t from 'tap'
import { asE164 } from './phone-number.ts'

t.test('a number with its country is one, however its digits are written', (t) => {
  for (const text of ['+447700900123', ' +44 7700 900123', '+44-7700-900-123', '+44 (7700) 900.123'])
    t.equal(asE164(text), '+447700900123', text)
  t.equal(asE164('+49 (0)30 123456'), undefined, 'nobody says which digits are dialled')
  t.end()
})

t.test('a number without its country is none, nor is what is no number', (t) => {
  const others = ['', '07700 900123', '00447700900123', '447700900123', '+0447700900123', '+44 7700 9001x']
  for (const text of [...others, '+441', '+4477009001234567', '+447700900123\n+447700900124'])
    t.equal(asE164(text), undefined, text)
  t.end()
})
