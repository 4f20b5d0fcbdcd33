import t from 'tap'
import { newId } from '../../platform/new-id.ts'
import type { Actor, Call } from '../../platform/call.ts'
import type { UserId } from '../domain/account.ts'
import { openAccount } from '../domain/account.ts'
import type { MailRequestId } from '../domain/mail-request.ts'
import { commonPasswords } from '../infrastructure/common-passwords.ts'
import { morning, newAccount, trace } from '../testing/accounts-contract.ts'
import { fakeAccounts } from '../testing/fake-accounts.ts'
import { fakePasswords } from '../testing/fake-passwords.ts'
import { ensureAccount } from './ensure-account.ts'
import { getUser } from './get-user.ts'
import { logIn } from './log-in.ts'
import { registerUser } from './register-user.ts'
import { updateProfile } from './update-profile.ts'

const registration = {
  username: 'Ada',
  email: 'Ada@Example.com',
  password: 'correct horse',
  name: 'Ada',
  phone: '',
  address: '',
}

function openApp() {
  const { accounts, published } = fakeAccounts()
  const passwords = fakePasswords()
  const newUserId = (): UserId => newId() as UserId
  const isCommon = commonPasswords()
  const otherDecoys = async (hash: string | undefined) => (hash === undefined ? ['hash of nothing'] : [])
  const rehash = (): void => undefined
  const newMailRequestId = (): MailRequestId => newId() as MailRequestId
  const deps = {
    accounts,
    passwords,
    isCommon,
    newUserId,
    newMailRequestId,
    now: () => morning,
    otherDecoys,
    rehash,
  }
  return {
    accounts,
    published,
    passwords,
    register: registerUser(deps),
    logIn: logIn(deps),
    getUser: getUser(deps),
    updateProfile: updateProfile(deps),
    ensureAccount: ensureAccount(deps),
  }
}

const callOf = (actor?: Actor): Call => ({ actor, correlationId: 'test', traceparent: '' })
const nobody = callOf()
const as = (userId: string, role: 'customer' | 'admin' = 'customer'): Call =>
  callOf({ kind: 'user', userId, role })

t.test('registering makes a customer, in lower case, and tells of it', async (t) => {
  const app = openApp()
  const { result: account } = await app.register(registration, nobody)
  t.match(account, {
    username: 'ada',
    email: 'ada@example.com',
    role: 'customer',
    passwordHash: 'hash of correct horse',
  })
  t.strictSame(await app.published(), [
    `user.created ${account.id} 1`,
    `user.email_verification_requested ${account.id} 2`,
  ])
})

t.test('what is taken is refused before any hash is computed, whatever its case', async (t) => {
  const app = openApp()
  await app.register(registration, nobody)
  const other = { ...registration, username: 'other', email: 'other@example.com' }
  await t.rejects(app.register({ ...other, email: 'ADA@example.com' }, nobody), { code: 'user.email-taken' })
  await t.rejects(app.register({ ...other, username: 'aDa' }, nobody), { code: 'user.username-taken' })
  t.equal(app.passwords.computed(), 1)
})

t.test('a weak password makes no account', async (t) => {
  const app = openApp()
  await t.rejects(app.register({ ...registration, password: 'short' }, nobody), {
    code: 'user.password-invalid',
  })
  t.strictSame(await app.published(), [])
})

for (const [password, code] of [
  ['password', 'user.password-common'],
  ['PassWord1', 'user.password-common'],
  ['12345678', 'user.password-common'],
  [' trustno1 ', 'user.password-common'],
  ['ｐａｓｓｗｏｒｄ', 'user.password-common'],
  ['        ', 'user.password-invalid'],
  ['aaaaaaaaaaaa', 'user.password-common'],
  ['ZZZZzzzz', 'user.password-common'],
  ['ADA@example.com', 'user.password-is-login'],
  ['ada.lovelace', 'user.password-is-login'],
  ['Countess-Of-L', 'user.password-is-login'],
] as const)
  t.test(`"${password}" is refused with the reason`, async (t) => {
    const app = openApp()
    const email = password.includes('@') ? 'ada@example.com' : 'ada.lovelace@example.com'
    const account = { ...registration, username: 'countess-of-l', email, password }
    await t.rejects(app.register(account, nobody), { kind: 'invalid', code, message: /password/ })
    t.equal(app.passwords.computed(), 0, 'nothing is hashed')
    t.strictSame(await app.published(), [])
    const admin = {
      email: password.includes('@') ? email : 'countess-of-l@example.com',
      password,
      role: 'admin',
    } as const
    if (password !== 'ada.lovelace')
      await t.rejects(app.ensureAccount(admin, trace), { code }, 'nor may the settings have it')
  })

t.test('whether a password is good is no matter of digits and signs', async (t) => {
  for (const password of ['correct horse', 'plain words only', 'admin-password', 'äöüß', '水壶水壶很好'])
    t.ok(await openApp().register({ ...registration, password }, nobody), password)
})

t.test('one logs in by e-mail address or username, in any case', async (t) => {
  const app = openApp()
  const { id } = (await app.register(registration, nobody)).result
  for (const login of ['ada@example.com', 'ADA@EXAMPLE.COM', 'ada', 'Ada'])
    t.equal((await app.logIn({ login, password: 'correct horse' })).id, id)
})

t.test('one logs in with blanks around the login and the password, in any form of Unicode', async (t) => {
  const app = openApp()
  const password = 'pässwörter'
  const ada = { ...registration, email: ' Ada@example.com', username: 'Ada ', password }
  const { id } = (await app.register(ada, nobody)).result
  for (const login of [' ada@example.com', 'ada@example.com\u00a0', '\tada '])
    for (const typed of [password.normalize('NFD'), password.normalize('NFC'), ` ${password} `])
      t.equal((await app.logIn({ login, password: typed })).id, id)
  const other = { ...registration, username: 'other', email: 'other@example.com' }
  await t.rejects(app.register({ ...other, email: ' ada@example.com ' }, nobody), {
    code: 'user.email-taken',
  })
})

t.test('a password that was stored as it was typed is still the same', async (t) => {
  for (const stored of ['pässwörter'.normalize('NFD'), 'pässwörter', ' correct horse ', 'ﬁve horses']) {
    const app = openApp()
    const { state } = openAccount(newAccount({ passwordHash: `hash of ${stored}` }), morning)
    await app.accounts.add({ state, events: [] }, trace)
    for (const typed of [stored, stored.normalize('NFC'), stored.normalize('NFD')])
      t.equal((await app.logIn({ login: state.email, password: typed })).id, state.id, JSON.stringify(typed))
  }
})

t.test('a wrong password in several forms costs the same, whether the login exists', async (t) => {
  const app = openApp()
  await app.register(registration, nobody)
  const costOf = async (login: string): Promise<number> => {
    const before = app.passwords.computed()
    await t.rejects(app.logIn({ login, password: 'wrong pässword' }), { code: 'auth.bad-credentials' })
    return app.passwords.computed() - before
  }
  t.equal(await costOf('ada'), 2)
  t.equal(await costOf('nobody'), 2)
})

for (const [what, login, password] of [
  ['a wrong password', 'ada', 'wrong horse'],
  ['an unknown username', 'bob', 'correct horse'],
  ['an unknown e-mail address', 'bob@example.com', 'correct horse'],
  ['what can be no login', 'no such login', 'correct horse'],
  ['what can be no password', 'ada', 'x'],
  ['more than bcrypt reads', 'ada', 'x'.repeat(100)],
] as const) {
  t.test(`${what} gets the same words and costs one hash`, async (t) => {
    const app = openApp()
    await app.register(registration, nobody)
    const before = app.passwords.computed()
    await t.rejects(app.logIn({ login, password }), {
      kind: 'unauthenticated',
      code: 'auth.bad-credentials',
      message: 'the login or the password is wrong',
    })
    t.equal(app.passwords.computed(), before + 1)
  })
}

t.test('one sees oneself, and admins see everybody', async (t) => {
  const app = openApp()
  const { id } = (await app.register(registration, nobody)).result
  t.equal((await app.getUser(id, as(id))).id, id)
  t.equal((await app.getUser(id, as(newId(), 'admin'))).id, id)
  await t.rejects(app.getUser(id, as(newId())), { code: 'auth.forbidden' })
  await t.rejects(app.getUser(id, nobody), { code: 'auth.required' })
})

t.test('to whoever may not see others it is all the same whether they exist', async (t) => {
  const app = openApp()
  await t.rejects(app.getUser(newId() as UserId, as(newId())), { code: 'auth.forbidden' })
  await t.rejects(app.getUser(newId() as UserId, as(newId(), 'admin')), { code: 'user.not-found' })
})

t.test('one changes one’s own profile', async (t) => {
  const app = openApp()
  const { id } = (await app.register(registration, nobody)).result
  t.match(await app.updateProfile({ phone: '123' }, as(id)), { id, name: 'Ada', phone: '123', version: 2 })
  await t.rejects(app.updateProfile({ phone: '123' }, as(newId())), { code: 'user.not-found' })
  await t.rejects(app.updateProfile({ phone: '123' }, nobody), { code: 'auth.required' })
})

t.test('an account that must be there is made once', async (t) => {
  const app = openApp()
  const wanted = { email: 'admin@example.com', password: 'admin-password', role: 'admin' } as const
  const made = await app.ensureAccount(wanted, trace)
  t.match(made, { username: 'admin', role: 'admin' })
  t.strictSame(await app.ensureAccount(wanted, trace), made)
  t.equal((await app.published()).length, 1)
})

t.test('an account that must be there gets the password and the role that it must have', async (t) => {
  const app = openApp()
  const { id } = (await app.register(registration, nobody)).result
  const wanted = { email: registration.email, password: 'another horse', role: 'admin' } as const
  t.match(await app.ensureAccount(wanted, trace), { id, role: 'admin', version: 2 })
  t.equal((await app.logIn({ login: 'ada', password: 'another horse' })).id, id)
})

t.test('an account that must be there finds a name when its own is taken or is none', async (t) => {
  const app = openApp()
  const wanted = { password: 'admin-password', role: 'admin' } as const
  await app.ensureAccount({ ...wanted, email: 'admin@one.example' }, trace)
  for (const email of ['admin@two.example', 'a@three.example', 'a+b@four.example']) {
    const { username } = await app.ensureAccount({ ...wanted, email }, trace)
    t.match(username, /^admin-[0-9a-f-]{36}$/)
  }
})

t.test('any other refusal of an account that must be there is passed on', async (t) => {
  const { accounts } = fakeAccounts()
  const passwords = fakePasswords()
  // Here somebody else is quicker to register the e-mail address.
  const losing = { ...accounts, findByLogin: async () => undefined }
  const ensure = ensureAccount({
    accounts: losing,
    isCommon: () => false,
    passwords,
    newUserId: () => newId() as UserId,
    now: () => morning,
  })
  const wanted = { email: 'admin@example.com', password: 'admin-password', role: 'admin' } as const
  await ensure(wanted, trace)
  await t.rejects(ensure(wanted, trace), { code: 'user.email-taken' })
})
