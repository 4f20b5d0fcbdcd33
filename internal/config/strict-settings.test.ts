import fc from 'fast-check'
import t from 'tap'
import { loadConfig } from './config.ts'
import { problemsOf } from './testing/problems-of.ts'

const wrong: readonly (readonly [string, string, RegExp])[] = [
  ['CORS_ORIGINS', 'https://admin.example/', /origins/],
  ['CORS_ORIGINS', 'https://shop.example,https://admin.example/app', /origins/],
  ['CORS_ORIGINS', 'admin.example', /origins/],
  ['CORS_ORIGINS', 'https://Admin.example', /origins/],
  ['CORS_ORIGINS', 'https://admin.example:443', /origins/],
  ['CORS_ORIGINS', 'https://user@admin.example', /origins/],
  ['CORS_ORIGINS', 'ftp://admin.example', /origins/],
  ['CORS_ORIGINS', '*', /origins/],
  ['ADMIN_EMAIL', 'admin', /e-mail address/],
  ['ADMIN_EMAIL', 'Anna <anna@shop.example>', /e-mail address/],
  ['ADMIN_EMAIL', 'anna@shop..example', /e-mail address/],
  ['ADMIN_PASSWORD', 'short', /password/],
  ['ADMIN_PASSWORD', 'x'.repeat(73), /password/],
  ['HOST', 'http://localhost', /host name or an IP address/],
  ['HOST', '0.0.0.0:8080', /host name or an IP address/],
  ['HOST', '10.0.0.300', /host name or an IP address/],
  ['HOST', 'two words', /host name or an IP address/],
  ['NODE_ENV', 'prod', /one of development, test, production/],
  ['SEED_DEMO', 'maybe', /true or false/],
  ['DATABASE_URL', 'postgres://localhost', /name of a database/],
  ['DATABASE_URL', 'postgres://u:p@localhost/shop/', /name of a database/],
  ['DATABASE_URL', 'postgres://u:p@localhost:70000/shop', /name of a database/],
]

for (const [name, value, expected] of wrong) {
  t.test(`${name}=${value} is named, with what is expected`, async (t) => {
    const [problem, ...others] = problemsOf({ [name]: value })
    t.match(problem, new RegExp(`^${name} must be `))
    t.match(problem, expected)
    t.same(others, [])
  })
}

for (const [password, expected] of [
  ['password', /many people have this password/],
  ['aaaaaaaaaaaa', /many people have this password/],
  ['boss@shop.example', /must not be the e-mail address/],
] as const)
  t.test(`ADMIN_PASSWORD=${password} is refused as it would be when the account is made`, async (t) => {
    const problems = problemsOf({ ADMIN_EMAIL: 'boss@shop.example', ADMIN_PASSWORD: password })
    t.match(problems, [/^ADMIN_PASSWORD: /])
    t.match(problems, [expected])
  })

t.test('right values of these kinds are taken', async (t) => {
  const { services, isExposed } = loadConfig({
    CORS_ORIGINS: 'https://shop.example, http://localhost:3000,https://xn--bcher-kva.example:8443',
    ADMIN_EMAIL: ' Anna@Shop.example ',
    ADMIN_PASSWORD: 'long enough #1',
    HOST: '::',
    NODE_ENV: 'production',
  })
  t.same(services.gateway?.corsOrigins, [
    'https://shop.example',
    'http://localhost:3000',
    'https://xn--bcher-kva.example:8443',
  ])
  t.match(services.user, { adminEmail: 'anna@shop.example', adminPassword: 'long enough #1' })
  t.equal(isExposed, true)
  for (const host of ['localhost', '127.0.0.1', '::1', '0.0.0.0', 'shop.example', 'my-host'])
    t.same(problemsOf({ HOST: host, ADMIN_PASSWORD: 'of my own' }), [], host)
})

t.test('a database URL whose password needs encoding says so, and shows nothing of it', async (t) => {
  const needed = fc.constantFrom('/', '#', '?', '%')
  const letters = fc.stringMatching(/^[a-zA-Z0-9]{0,8}$/)
  const password = fc.tuple(letters, needed, letters).map((parts) => `Z${parts.join('')}`)
  const hint = /characters of the user and the password are percent-encoded/
  fc.assert(
    fc.property(password, fc.constantFrom('DATABASE_URL', 'ORDER_DATABASE_URL'), (secret, variable) => {
      // `%41` is an encoded letter, and nobody can tell that it was not meant so.
      fc.pre(!/^[^%]*%[0-9a-fA-F]{2}[^%]*$/.test(secret) || /[/#?]/.test(secret))
      const [problem = '', ...others] = problemsOf({
        [variable]: `postgres://shop:${secret}@db:5432/tillstream`,
      })
      t.match(problem, new RegExp(`^${variable} must be .*${hint.source}`))
      t.notOk(problem.includes(secret), problem)
      t.same(others, [])
    }),
  )
})

t.test('an encoded password is taken, whatever it holds', async (t) => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, unit: 'binary' }), (secret) => {
      fc.pre(!secret.includes('\0') && secret.trim() === secret)
      const url = `postgres://shop:${encodeURIComponent(secret)}@db:5432/tillstream`
      t.same(problemsOf({ DATABASE_URL: url }), [])
    }),
  )
})
