import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import t from 'tap'
import { loadConfig } from './config.ts'
import { problemsOf } from './testing/problems-of.ts'

// Settings that are named by whoever runs the shop, such as the providers of logins.

const google = {
  OIDC_GOOGLE_ISSUER: 'https://accounts.google.com',
  OIDC_GOOGLE_CLIENT_ID: 'shop',
  OIDC_GOOGLE_CLIENT_SECRET: 'secret',
}

t.test('each name is a member, and secrets may come from files', async (t) => {
  const file = path.join(t.testdir(), 'secret')
  await writeFile(file, 'of a file\n')
  const config = loadConfig({
    ...google,
    ...{ OIDC_MY_COMPANY_ISSUER: 'http://localhost:8091', OIDC_MY_COMPANY_CLIENT_ID: 'shop' },
    OIDC_MY_COMPANY_CLIENT_SECRET_FILE: file,
  })
  t.same(
    [...(config.services.user?.oidcIssuers as ReadonlyMap<string, string>)],
    [
      ['GOOGLE', 'https://accounts.google.com'],
      ['MY_COMPANY', 'http://localhost:8091'],
    ],
  )
  t.same(
    [...(config.services.user?.oidcClientSecrets as ReadonlyMap<string, string>)],
    [
      ['GOOGLE', 'secret'],
      ['MY_COMPANY', 'of a file'],
    ],
  )
})

t.test('what is wrong with a member is told by its own name', async (t) => {
  t.match(problemsOf({ ...google, OIDC_GOOGLE_ISSUER: 'http://accounts.google.com' }), [
    /^OIDC_GOOGLE_ISSUER must be a URL that begins with https/,
  ])
  t.match(problemsOf({ OIDC_GOOGLE_CLIENT_ID: 'shop' }), [
    /^OIDC_GOOGLE_ISSUER must be set/,
    /^OIDC_GOOGLE_CLIENT_SECRET must be set/,
  ])
  t.same(
    problemsOf({
      ...google,
      OIDC_GOOGLE_ISSUER: '',
      OIDC_GOOGLE_CLIENT_ID: ' ',
      OIDC_GOOGLE_CLIENT_SECRET: '',
    }),
    [],
  )
})
