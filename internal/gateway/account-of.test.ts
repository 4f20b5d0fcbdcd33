import type { FastifyRequest } from 'fastify'
import t from 'tap'
import { accountsByLogin } from './account-of.ts'

const request = { caller: { call: {} } } as FastifyRequest

t.test('a login counts for its account as soon as somebody has registered with it', async (t) => {
  const accounts = new Map<string, string>()
  let asked = 0
  const accountOf = accountsByLogin({
    async findAccount({ login }) {
      asked++
      return { id: accounts.get(login) ?? '' }
    },
  })
  t.same(await accountOf(['New@example.com '], request), ['nobody: new@example.com'])
  accounts.set('new@example.com', 'the id').set('new', 'the id')
  t.same(await accountOf(['new@example.com', 'NEW'], request), ['the id'])
  t.equal(asked, 3)
  t.same(await accountOf(['new'], request), ['the id'])
  t.equal(asked, 3, 'an account is remembered')
})
