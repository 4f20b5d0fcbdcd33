import t from 'tap'
import { identitySuite } from './testing/identity-suite.ts'
import { mailedLinksSuite } from './testing/mailed-links-suite.ts'
import { sessionsSuite } from './testing/sessions-suite.ts'
import { openOneProcess } from './testing/shop.ts'

const shop = await openOneProcess(t)
sessionsSuite(t, [shop.api], shop.adminToken)
identitySuite(t, shop.api, shop.url)
mailedLinksSuite(t, [shop.api], shop)
