import t, { type Test } from 'tap'
import { createLog } from '../../platform/log.ts'
import { newId } from '../../platform/new-id.ts'
import { createScope } from '../../platform/run.ts'
import type { UserId } from '../domain/account.ts'
import { workLater } from './work-later.ts'

function open(_t: Test) {
  const log = createLog('test', 'silent')
  const scope = createScope(log, () => undefined)
  const done: string[] = []
  const later = workLater(scope, log)
  const task = (name: string) => async () => {
    done.push(`${name} begins`)
    await Promise.resolve()
    done.push(`${name} ends`)
  }
  return { scope, later, done, task }
}

const [ada, eve] = [newId() as UserId, newId() as UserId]

t.test('one piece of work follows another, and is done before the end', async (t) => {
  const { scope, later, done, task } = open(t)
  later(ada, task('a'))
  later(eve, task('b'))
  await scope.close()
  t.same(done, ['a begins', 'a ends', 'b begins', 'b ends'])
})

t.test('what waits for a person is not added again, and what has begun is', async (t) => {
  const { scope, later, done, task } = open(t)
  later(ada, task('a')) // begins at once
  later(ada, task('b'))
  later(ada, task('c'))
  await scope.close()
  t.same(done, ['a begins', 'a ends', 'b begins', 'b ends'])
})

t.test('a failure stops nothing', async (t) => {
  const { scope, later, done, task } = open(t)
  later(ada, async () => {
    throw new Error('away')
  })
  later(eve, task('b'))
  await scope.close()
  later(eve, task('c'))
  await new Promise((resolve) => setImmediate(resolve))
  t.same(done, ['b begins', 'b ends', 'c begins', 'c ends'])
})
