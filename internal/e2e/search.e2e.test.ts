import t from 'tap'
import { categorySuite } from './testing/category-suite.ts'
import { openOneProcess } from './testing/shop.ts'
import { searchSuite } from './testing/search-suite.ts'

const shop = await openOneProcess(t, { SEARCH_CHECK_INTERVAL_MS: '1000' })
searchSuite(t, shop)
categorySuite(t, shop)
