import t from 'tap'
import { staffMoneySuite } from './testing/staff-money-suite.ts'
import { openOneProcess } from './testing/shop.ts'

const shop = await openOneProcess(t)
await staffMoneySuite(t, shop)
