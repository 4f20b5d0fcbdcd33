import t from 'tap'
import { openOneProcess } from './testing/shop.ts'
import { onceSuite } from './testing/once-suite.ts'
import { shopSuite } from './testing/suite.ts'

const shop = await openOneProcess(t)
shopSuite(t, shop)
onceSuite(t, shop)

t.test('SIGTERM ends it cleanly', async (t) => {
  const [stack] = shop.processes.get('stack') ?? []
  stack?.signal('SIGTERM')
  t.equal(await stack?.ended, 0)
})
