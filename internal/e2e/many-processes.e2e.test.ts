import t from 'tap'
import { openManyProcesses } from './testing/shop.ts'
import { categorySuite } from './testing/category-suite.ts'
import { onceSuite } from './testing/once-suite.ts'
import { searchSuite } from './testing/search-suite.ts'
import { shopSuite } from './testing/suite.ts'

const shop = await openManyProcesses(t)
shopSuite(t, shop)
onceSuite(t, shop)
searchSuite(t, shop)
categorySuite(t, shop)

t.test('SIGTERM ends each of them cleanly', async (t) => {
  for (const [name, replicas] of shop.processes) {
    for (const process of replicas) {
      process.signal('SIGTERM')
      t.equal(await process.ended, 0, name)
    }
  }
})
