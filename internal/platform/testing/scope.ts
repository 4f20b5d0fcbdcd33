import { type Test } from 'tap'
import { createLog } from '../log.ts'
import { connectNats, type Nats } from '../nats.ts'
import { createScope, type Scope } from '../run.ts'

export const silent = createLog('test', 'silent')

/** A scope that closes with the test, if not before. `failures` has the errors of its background loops. */
export function testScope(t: Test): Scope & { readonly failures: readonly unknown[] } {
  const failures: unknown[] = []
  const scope = createScope(silent, (err) => void failures.push(err))
  t.teardown(() => scope.close())
  return { ...scope, failures }
}

/** A connection for one test, made as services make theirs. */
export function testConnection(t: Test, url: string, name = 'test'): Promise<Nats> {
  return connectNats(testScope(t), silent, url, name)
}
