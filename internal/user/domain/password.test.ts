import t from 'tap'
import { parsePassword, readPasswords } from './password.ts'

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

t.test('a password has no control characters', (t) => {
  for (const text of ['long enough\0', 'long\u0007enough', 'long enough\u0085', 'long\nenough']) {
    t.throws(() => parsePassword(text), { code: 'user.password-invalid' })
    t.strictSame(readPasswords(text), [])
  }
  t.end()
})

t.test('a password is the same in each form of Unicode, and without blanks around it', (t) => {
  for (const [stored, ...typed] of [
    ['pässwörter', 'pa\u0308sswo\u0308rter', ' pässwörter\u00a0', 'ｐässwörter'],
    ['fish & chips', 'ﬁsh & chips', 'fish\u00a0&\u3000chips'],
    ['각각각각', '각각각각'.normalize('NFD')],
  ] as const)
    for (const text of [stored, ...typed]) {
      t.equal(parsePassword(text), stored)
      t.equal(readPasswords(text)[0], stored)
    }
  t.throws(() => parsePassword('        '), { code: 'user.password-invalid' }, 'eight blanks are nothing')
  t.end()
})

t.test('what earlier versions stored is tried after it', (t) => {
  t.strictSame(readPasswords('correct horse'), ['correct horse'])
  t.strictSame(readPasswords('pässwörter'), ['pässwörter', 'pässwörter'.normalize('NFD')])
  t.strictSame(readPasswords(' with blanks '), ['with blanks', ' with blanks '])
  t.strictSame(readPasswords('ﬁve ést'), ['five ést', 'ﬁve ést', 'ﬁve e\u0301st'])
  t.end()
})
