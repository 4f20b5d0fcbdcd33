import t from 'tap'
import { newUserId } from '../testing/fixtures.ts'
import { linkTokens } from './link-tokens.ts'

const { write, read } = linkTokens(Buffer.from('the secret of this shop'))
const userId = newUserId()

t.test('a link says whose mails of which kind are to stop', async (t) => {
  t.same(read(write(userId, 'cart.abandoned')), { userId, kind: 'cart.abandoned' })
})

t.test('a link of another secret, person or kind is nobody’s', async (t) => {
  const token = write(userId, 'cart.abandoned')
  const [, signature = ''] = token.split('.')
  t.equal(read(linkTokens(Buffer.from('another secret')).write(userId, 'cart.abandoned')), undefined)
  for (const payload of [`${newUserId()} cart.abandoned`, `${userId} order.paid`])
    t.equal(read(`${Buffer.from(payload).toString('base64url')}.${signature}`), undefined, payload)
})

t.test('what is no link at all is nobody’s', async (t) => {
  const token = write(userId, 'cart.abandoned')
  for (const text of ['', '.', 'x', `${token}.x`, token.slice(0, -2), `${token}=.`])
    t.equal(read(text), undefined, text)
})
