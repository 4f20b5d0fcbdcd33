import t from 'tap'
import { systemCall } from '../../platform/call.ts'
import { maxMessageBytes } from '../../platform/message-size.ts'
import { newId } from '../../platform/new-id.ts'
import type { PricingApp } from '../application/pricing-app.ts'
import type { PromotionId } from '../domain/rules.ts'
import { promotion } from '../testing/fixtures.ts'
import { rulesRpc } from './rules-rpc.ts'

t.test('a page of large promotions ends where its message is full', async (t) => {
  const products = Array.from({ length: 1_000 }, () => newId())
  const rules = Array.from({ length: 100 }, () => promotion({ id: newId() as PromotionId, products }))
  const app = { promotions: { list: async () => ({ rules, next: undefined }) } } as unknown as PricingApp
  const page = await rulesRpc(app).listPromotions({ limit: 100 }, systemCall('test', ''))
  t.ok(Buffer.byteLength(JSON.stringify(page)) < maxMessageBytes + 1_000)
  t.ok(page.promotions.length > 10 && page.promotions.length < 100)
  t.equal(page.nextId, page.promotions.at(-1)?.id)
})
