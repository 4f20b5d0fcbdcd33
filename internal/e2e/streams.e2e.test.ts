import t from 'tap'
import { openOneProcess } from './testing/shop.ts'
import { streamsSuite } from './testing/streams-suite.ts'

t.setTimeout(240_000)
const shop = await openOneProcess(t, { NOTIFY_BY: 'feed' })
streamsSuite(t, shop, [shop.url])
