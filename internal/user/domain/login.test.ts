import t from 'tap'
import { parseEmail, parseUsername, readLogin } from './login.ts'

t.test('a username is kept in lower case', (t) => {
  t.equal(parseUsername('Ada.Lovelace-1_x'), 'ada.lovelace-1_x')
  t.end()
})

for (const text of [
  '',
  'ab',
  'a'.repeat(65),
  '-ada',
  'ada@home',
  'ada lovelace',
  'ada\0x',
  'ädä',
  "a'; drop",
]) {
  t.test(`"${text}" is no username`, (t) => {
    t.throws(() => parseUsername(text), { kind: 'invalid', code: 'user.username-invalid' })
    t.end()
  })
}

t.test('blanks around a login and the form of its characters do not matter', (t) => {
  t.equal(parseUsername(' \tAda\u00a0'), 'ada')
  t.equal(parseEmail('\u3000Ada@Example.com\n'), 'ada@example.com')
  t.strictSame(readLogin(' ada@example.com'), { email: 'ada@example.com' })
  t.strictSame(readLogin('Ada '), { username: 'ada' })
  t.equal(parseUsername(` ${'a'.repeat(64)} `), 'a'.repeat(64))
  t.end()
})

t.test('an e-mail address is kept in lower case', (t) => {
  t.equal(parseEmail('Ada+shop@Example.COM'), 'ada+shop@example.com')
  t.equal(parseEmail('ada@localhost'), 'ada@localhost')
  t.end()
})

for (const text of [
  '',
  'ada',
  '@example.com',
  'ada@',
  'a b@example.com',
  'ada@-x.com',
  'ada@x\0.com',
  'ä@x.com',
]) {
  t.test(`"${text}" is no e-mail address`, (t) => {
    t.throws(() => parseEmail(text), { kind: 'invalid', code: 'user.email-invalid' })
    t.end()
  })
}

t.test('an e-mail address has at most 254 characters', (t) => {
  t.throws(() => parseEmail(`${'a'.repeat(250)}@x.de`), { code: 'user.email-invalid' })
  t.end()
})

t.test('a login is an e-mail address, a username or nothing', (t) => {
  t.strictSame(readLogin('Ada@Example.com'), { email: 'ada@example.com' })
  t.strictSame(readLogin('Ada'), { username: 'ada' })
  t.equal(readLogin('no such login'), undefined)
  t.end()
})
