import t from 'tap'
import { Refusal } from '../../platform/refusal.ts'
import { fakeServices } from '../testing/fake-services.ts'
import { testGateway } from '../testing/test-gateway.ts'

t.test('anybody asks for a reset, and gets an answer without words', async (t) => {
  const { send, asked } = await testGateway(t)
  for (const email of ['ada@example.com', 'nobody@example.com', 'no address']) {
    const answer = await send('POST /auth/password-reset', { body: { email } })
    t.match(answer, { statusCode: 202, body: '{}' })
    t.match(asked.at(-1), { method: 'requestPasswordReset', request: { email } })
  }
})

t.test('a reset is confirmed with the token of the mail and a new password', async (t) => {
  const { send, asked } = await testGateway(t)
  const body = { token: 'a token', newPassword: 'battery staple 9' }
  t.equal((await send('POST /auth/password-reset/confirm', { body })).statusCode, 204)
  t.match(asked.at(-1), { method: 'confirmPasswordReset', request: body })
})

t.test('a token that is good no more is a bad request', async (t) => {
  const refuse = async (): Promise<never> => {
    throw new Refusal('invalid', 'auth.reset-token-invalid', 'this link is good no more')
  }
  const { send } = await testGateway(t, fakeServices({ users: { confirmPasswordReset: refuse } }))
  const body = { token: 'a token', newPassword: 'battery staple 9' }
  const answer = await send('POST /auth/password-reset/confirm', { body })
  t.match(answer.json(), { status: 400, code: 'auth.reset-token-invalid' })
})

t.test('who is logged in has the address verified, by whoever has the link', async (t) => {
  const { send, asked } = await testGateway(t)
  t.equal((await send('POST /auth/email-verification')).statusCode, 401)
  t.match(await send('POST /auth/email-verification', { as: 'customer' }), { statusCode: 202, body: '{}' })
  t.match(asked.at(-1), { method: 'requestEmailVerification', call: { actor: { kind: 'user' } } })
  const confirm = await send('POST /auth/email-verification/confirm', { body: { token: 'a token' } })
  t.equal(confirm.statusCode, 204)
  t.match(asked.at(-1), { method: 'confirmEmailVerification', request: { token: 'a token' } })
})
