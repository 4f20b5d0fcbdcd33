import t from 'tap'
import { parsePassword, readPassword } from './password.ts'

t.test('a password has 8 to 72 bytes', (t) => {
  for (const text of ['12345678', 'x'.repeat(72), '💳💳', 'äöüß']) t.equal(parsePassword(text), text)
  t.end()
})

t.test('bytes are counted, not characters: bcrypt would pass over those after the 72nd', (t) => {
  for (const text of [
    '1234567',
    'x'.repeat(73),
    'ä'.repeat(37),
    '€'.repeat(25),
    '💳'.repeat(19),
    'x'.repeat(10_000),
  ])
    t.throws(() => parsePassword(text), { kind: 'invalid', code: 'user.password-invalid' })
  t.end()
})

t.test('a password has no NUL', (t) => {
  t.equal(readPassword('long enough\0'), undefined)
  t.end()
})
