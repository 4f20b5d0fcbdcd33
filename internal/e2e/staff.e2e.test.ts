import t from 'tap'
import { staffSuite } from './testing/staff-suite.ts'
import { openOneProcess } from './testing/shop.ts'

t.setTimeout(120_000)
const { api, adminToken } = await openOneProcess(t)
staffSuite(t, [api], adminToken)
