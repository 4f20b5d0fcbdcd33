import t from 'tap'
import { openAccount } from '../domain/account.ts'
import { morning, newAccount, trace } from '../testing/accounts-contract.ts'
import { encodeAccountEvent, userJson } from './user-json.ts'

t.test('an event of an account tells nothing of the person', (t) => {
  const { state, events } = openAccount(newAccount({ name: 'Ada Lovelace' }), morning)
  const { data } = encodeAccountEvent(events[0]!, trace)
  const told = JSON.stringify(data)
  for (const secret of [
    state.email,
    state.username,
    state.name,
    state.phone,
    state.address,
    state.passwordHash ?? '',
  ])
    t.notOk(told.includes(secret), secret)
  t.strictSame(Object.keys(data as object), ['userId', 'role', 'createdAt'])
  t.match(userJson(state), { email: state.email, name: 'Ada Lovelace' }, 'who asks the service is told')
  t.end()
})
