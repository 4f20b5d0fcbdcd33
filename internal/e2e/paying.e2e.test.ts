import t from 'tap'
import { readStackFile } from '../config/stack-file.ts'
import { payingSuite } from './testing/paying-suite.ts'
import { openOneProcess } from './testing/shop.ts'

t.setTimeout(240_000)
const shop = await openOneProcess(t)
const { paymentSandboxUrl = '' } = (await readStackFile(shop.env.DATA_DIR!)) ?? {}
await payingSuite(t, shop, paymentSandboxUrl)
