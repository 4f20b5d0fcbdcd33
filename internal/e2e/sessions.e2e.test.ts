import t from 'tap'
import { sessionsSuite } from './testing/sessions-suite.ts'
import { openOneProcess } from './testing/shop.ts'

const { api } = await openOneProcess(t)
sessionsSuite(t, [api])
