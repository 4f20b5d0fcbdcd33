import t from 'tap'
import { mailedLinksSuite } from './testing/mailed-links-suite.ts'
import { sessionsSuite } from './testing/sessions-suite.ts'
import { openOneProcess } from './testing/shop.ts'

const shop = await openOneProcess(t)
sessionsSuite(t, [shop.api], shop.adminToken)
mailedLinksSuite(t, [shop.api], shop)
