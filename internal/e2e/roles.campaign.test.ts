import pg from 'pg'
import t from 'tap'
import { storingServices } from '../services.ts'
import { schemaOf } from '../migrate/services.ts'
import { openOneProcess } from './testing/shop.ts'

t.test('the stack serves with a role for each service, and the audit finds all well', async (t) => {
  const shop = await openOneProcess(t)
  const { api, newProduct, settled, databaseUrl } = shop
  const product = await newProduct(5)
  const token = await api.newCustomer()
  const body = { items: [{ productId: product.id, quantity: 2 }] }
  const placed = await api.request<{ id: string }>('POST', '/orders', { token, body })
  t.match(await settled(placed.body.id, token), { status: 'confirmed' })
  await api.request('POST', `/orders/${placed.body.id}/cancel`, { token, body: {} })
  await shop.auditIsClean()
  t.match(await api.request('GET', '/readyz'), { status: 200 })

  const owner = new pg.Client({ connectionString: databaseUrl, application_name: 'the test' })
  await owner.connect()
  const { rows } = await owner.query<{ who: string; application: string }>(
    `select distinct usename::text as who, application_name as application from pg_stat_activity
     where datname = current_database() and application_name like 'tillstream%'`,
  )
  const { rows: partitions } = await owner.query(
    `select 1 from pg_inherits where inhparent = 'producer.outbox'::regclass`,
  )
  await owner.end()
  const name = new URL(databaseUrl).pathname.slice(1)
  for (const service of storingServices) {
    const users = rows
      .filter(({ application }) => application === `tillstream ${service}`)
      .map(({ who }) => who)
    t.same(users, [`${name}_${schemaOf[service] ?? ''}`], service)
  }
  t.notOk(
    rows.some(({ who }) => who === new URL(databaseUrl).username),
    'nobody serves as the owner',
  )
  t.ok(partitions.length > 7, 'the producer has made its partitions')
})
