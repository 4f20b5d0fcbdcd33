import t from 'tap'
import { importSuite } from './testing/import-suite.ts'
import { openOneProcess } from './testing/shop.ts'

t.setTimeout(240_000)
importSuite(t, await openOneProcess(t))
