// In a process of its own: what other files have left in memory would hide what this one looks for.
import { setTimeout as sleep } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import t from 'tap'
import { createApp } from './app.ts'
import { gatewayOptions } from './testing/test-gateway.ts'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

t.test('of an app that was closed before it listened nothing stays in memory', async (t) => {
  const opened: WeakRef<object>[] = []
  for (let count = 0; count < 3; count++) {
    const { app } = await createApp(gatewayOptions())
    await app.close()
    opened.push(new WeakRef(app))
  }
  // A reference that was looked at stays until the turn is over, and the last app may still be on the stack.
  for (let count = 0; count < 5; count++) {
    await sleep(10)
    collectGarbage()
  }
  t.equal(opened[0]?.deref() === undefined, true)
})
