import t from 'tap'
import { parseProfile } from './profile.ts'

t.test('what is absent stays absent, and what is empty is empty', (t) => {
  t.strictSame(parseProfile({ name: 'Ada', phone: '' }), { name: 'Ada', phone: '' })
  t.end()
})

t.test('is as long as people count it, in one form, and an address may have lines', (t) => {
  const given = { name: ' Zoe\u0308 ', phone: '1'.repeat(50), address: '🏠'.repeat(998) + '\n1' }
  t.strictSame(parseProfile(given), { ...given, name: 'Zoë' })
  t.strictSame(parseProfile({ name: 'e\u0301'.repeat(200) }), { name: 'é'.repeat(200) })
  t.end()
})

t.test('nothing else gets in', (t) => {
  t.strictSame(parseProfile({ name: 'Ada', role: 'admin' } as { name: string }), { name: 'Ada' })
  t.end()
})

for (const [what, profile, code] of [
  ['a name that is too long', { name: 'x'.repeat(201) }, 'user.name-invalid'],
  ['a name of two lines', { name: 'Ada\nLovelace' }, 'user.name-invalid'],
  ['an address with a bell', { address: 'Ring\u0007' }, 'user.address-invalid'],
  ['a phone with a NUL', { phone: 'a\0' }, 'user.phone-invalid'],
  ['an address with half a surrogate pair', { address: '\ud800' }, 'user.address-invalid'],
] as const) {
  t.test(`refuses ${what}`, (t) => {
    t.throws(() => parseProfile(profile), { kind: 'invalid', code })
    t.end()
  })
}
