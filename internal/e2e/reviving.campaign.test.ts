import t from 'tap'
import { readStackFile } from '../config/stack-file.ts'
import { revivingSettings, revivingSuite } from './testing/reviving-suite.ts'
import { openOneProcess } from './testing/shop.ts'

const shop = await openOneProcess(t, revivingSettings)
const { paymentSandboxUrl = '' } = (await readStackFile(shop.env.DATA_DIR!)) ?? {}
await revivingSuite(t, shop, paymentSandboxUrl)
