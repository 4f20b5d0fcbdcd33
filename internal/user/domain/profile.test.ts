import t from 'tap'
import { parseProfile } from './profile.ts'

t.test('what is absent stays absent, and what is empty is empty', (t) => {
  t.strictSame(parseProfile({ name: 'Ada', phone: '' }), { name: 'Ada', phone: '' })
  t.end()
})

t.test('nothing else gets in', (t) => {
  t.strictSame(parseProfile({ name: 'Ada', role: 'admin' } as { name: string }), { name: 'Ada' })
  t.end()
})

for (const [what, profile, code] of [
  ['a name that is too long', { name: 'x'.repeat(201) }, 'user.name-invalid'],
  ['a phone with a NUL', { phone: 'a\0' }, 'user.phone-invalid'],
  ['an address with half a surrogate pair', { address: '\ud800' }, 'user.address-invalid'],
] as const) {
  t.test(`refuses ${what}`, (t) => {
    t.throws(() => parseProfile(profile), { kind: 'invalid', code })
    t.end()
  })
}
