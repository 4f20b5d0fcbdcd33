import t from 'tap'
import { sessionsSuite } from './testing/sessions-suite.ts'
import { openOneProcess } from './testing/shop.ts'

const { api, adminToken } = await openOneProcess(t)
sessionsSuite(t, [api], adminToken)
