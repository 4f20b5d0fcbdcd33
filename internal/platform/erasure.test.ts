import t from 'tap'
import { UserErasedSchema } from '../gen/user/v1/events_pb.ts'
import { erasing, type ErasureCalls } from './erasure.ts'
import { eventType } from './event.ts'
import { newId } from './new-id.ts'

const erased = eventType(UserErasedSchema)
const trace = { correlationId: '', causationId: newId(), traceparent: '' }
const told = (userId: unknown) => ({ type: erased.type, data: { userId }, trace })

/** A context that stores a line for each person, and a user service that names whom it has not confirmed. */
function open() {
  const stored = new Set<string>()
  const named = new Set<string>()
  const trouble = { confirming: false, waitsFor: '' }
  const asked: string[] = []
  const user: ErasureCalls = {
    async listErasures({ context }) {
      asked.push(context)
      return { userIds: [...named] }
    },
    async confirmErasures({ userIds }) {
      if (trouble.confirming) throw new Error('the process dies here')
      for (const id of userIds) {
        t.notOk(stored.has(id), 'nothing is confirmed of which something is left')
        named.delete(id)
      }
    },
  }
  const erase = async (userIds: readonly string[]) => {
    const done = userIds.filter((id) => id !== trouble.waitsFor)
    for (const id of done) stored.delete(id)
    return done
  }
  const { reactions, sweep } = erasing({ context: 'shelf', erased, user, erase })
  return { stored, named, trouble, asked, react: reactions['erase-shelf']!, sweep: () => sweep(0) }
}

t.test('it erases as soon as it hears of it, however often, and confirms nothing by that', async (t) => {
  const { stored, named, react } = open()
  const [id, other] = [newId(), newId()]
  for (const each of [id, other]) stored.add(each)
  named.add(id)
  t.same(await react([told(id), told(id)]), [undefined, undefined])
  t.same(await react([told(id)]), [undefined], 'and again')
  t.same([...stored], [other])
  t.same([...named], [id])
})

t.test('an event that nobody can read is a dead letter, and the others count', async (t) => {
  const { stored, react } = open()
  const id = newId()
  stored.add(id)
  t.match(await react([told('nobody'), told(id)]), [{ code: 'message.invalid-user' }, undefined])
  t.same([...stored], [])
})

t.test('what a late request has stored is erased before it is confirmed, without any event', async (t) => {
  const { stored, named, asked, react, sweep } = open()
  const id = newId()
  await react([told(id)])
  stored.add(id)
  named.add(id)
  t.same(await sweep(), { erased: 1 })
  t.same([[...stored], [...named], asked], [[], [], ['shelf']])
  t.same(await sweep(), {})
})

t.test('who dies between erasing and confirming does both again', async (t) => {
  const { stored, named, trouble, sweep } = open()
  const id = newId()
  stored.add(id)
  named.add(id)
  trouble.confirming = true
  await t.rejects(sweep(), /dies/)
  t.same([...named], [id])
  stored.add(id)
  trouble.confirming = false
  t.same(await sweep(), { erased: 1 })
  t.same([[...stored], [...named]], [[], []])
})

t.test('of whom something has to wait, the others do not', async (t) => {
  const { stored, named, trouble, sweep } = open()
  const [waiting, free] = [newId(), newId()]
  for (const id of [waiting, free]) {
    stored.add(id)
    named.add(id)
  }
  trouble.waitsFor = waiting
  t.same(await sweep(), { erased: 1 })
  t.same([...named], [waiting])
  trouble.waitsFor = ''
  await sweep()
  t.same([...named], [])
})
