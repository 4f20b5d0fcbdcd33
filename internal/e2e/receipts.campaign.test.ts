import t from 'tap'
import { receiptsSettings, receiptsSuite } from './testing/receipts-suite.ts'
import { openOneProcess } from './testing/shop.ts'

const shop = await openOneProcess(t, receiptsSettings)
await receiptsSuite(t, shop)
