import pg from 'pg'
import type { Test } from 'tap'
import { keyedTokens } from '../../platform/keyed-tokens.ts'
import { eventually } from '../../platform/testing/eventually.ts'
import type { Api } from './api.ts'
import { newPerson, refusedAfter } from './sessions-suite.ts'
import type { Shop } from './shop.ts'

export type Mailing = Pick<Shop, 'databaseUrl' | 'env' | 'auditIsClean'>
type Owner = { readonly user: { readonly emailVerified: boolean } }

/** Nobody reads mails here: the link's token is made as the user service makes it, for the request that is open. */
export async function openMailbox(t: Test, { databaseUrl, env }: Mailing) {
  const sql = new pg.Client({ connectionString: databaseUrl })
  sql.on('error', () => undefined) // the database is dropped with the test
  await sql.connect()
  t.teardown(() => sql.end())
  const tokenFor = (kind: string, email: string): Promise<string> =>
    eventually(`${email} gets a mail of ${kind}`, async () => {
      const { rows } = await sql.query<{ id: string }>(
        `select r.id from users.mail_requests r join users.accounts a on a.id = r.user_id
         where a.email = $1 and r.kind = $2 and r.ended_at is null`,
        [email, kind],
      )
      return rows[0] && keyedTokens([env.JWT_SECRET ?? ''], kind.replace('-', ' ')).issue(rows[0].id)
    })
  return tokenFor
}

/** Password resets and verified addresses, end to end. */
export function mailedLinksSuite(t: Test, gateways: readonly [Api, ...Api[]], mailing: Mailing): void {
  const [here] = gateways
  const there = gateways.at(-1) ?? here

  t.test('who forgot a password sets another one, and all sessions end at all gateways', async (t) => {
    const tokenFor = await openMailbox(t, mailing)
    const person = await newPerson(here)
    const { body: thief } = await person.logIn()
    t.equal(
      (await here.request('POST', '/auth/password-reset', { body: { email: person.email } })).status,
      202,
    )
    const token = await tokenFor('password-reset', person.email)
    // Sixteen passwords are hashed at once; on a busy machine some are told to come again.
    const confirm = (at: Api, newPassword: string) =>
      eventually('it is answered', async () => {
        const answer = await at.request('POST', '/auth/password-reset/confirm', {
          body: { token, newPassword },
        })
        return answer.status !== 503 && answer
      })
    t.match(await confirm(here, 'password'), { status: 400, body: { code: 'user.password-common' } })
    const racing = await Promise.all(
      Array.from({ length: 16 }, (_, n) => confirm(n % 2 ? here : there, `battery staple ${n}`)),
    )
    const won = racing.findIndex(({ status }) => status === 204)
    t.equal(racing.filter(({ status }) => status === 204).length, 1, 'one of sixteen at once')
    for (const { status, body } of racing)
      if (status !== 204) t.match(body, { status: 400, code: 'auth.reset-token-invalid' })
    t.ok((await refusedAfter(gateways, thief)) < 1_000)
    t.equal((await person.logIn()).status, 401)
    const { status, body } = await person.logIn(there, `battery staple ${won}`)
    t.equal(status, 200)
    t.match(body, { user: { emailVerified: true } }, 'the mail has shown it')
  })

  t.test('whoever asks learns nothing of who has an account', async (t) => {
    const { email } = await newPerson(here)
    const answers = await Promise.all(
      [email, 'nobody-at-all@example.com', 'no address'].map((one) =>
        here.request('POST', '/auth/password-reset', { body: { email: one } }),
      ),
    )
    t.same(
      answers.map(({ status, body }) => ({ status, body })),
      Array.from({ length: 3 }, () => ({ status: 202, body: {} })),
    )
  })

  t.test('a new account verifies its address with the link that it gets by itself', async (t) => {
    const tokenFor = await openMailbox(t, mailing)
    const person = await newPerson(here)
    const { body: pair } = await person.logIn()
    const isVerified = async () =>
      (await there.request<Owner['user']>('GET', '/users/me', { token: pair.accessToken })).body.emailVerified
    t.equal(await isVerified(), false)
    const again = await here.request('POST', '/auth/email-verification', { token: pair.accessToken })
    t.equal(again.status, 202)
    const token = await tokenFor('email-verification', person.email)
    const confirm = () => there.request('POST', '/auth/email-verification/confirm', { body: { token } })
    t.equal((await confirm()).status, 204)
    t.equal(await isVerified(), true)
    t.match(await confirm(), { status: 400, body: { code: 'auth.verification-token-invalid' } })
  })

  t.test('every mail is told of', async () => mailing.auditIsClean())
}
