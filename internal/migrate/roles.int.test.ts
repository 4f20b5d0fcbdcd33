import pg from 'pg'
import t, { type Test } from 'tap'
import { testDatabase } from '../platform/testing/database.ts'
import { services, storingServices } from '../services.ts'
import { migrate } from './migrate.ts'
import { makeRoles } from './roles.ts'
import { schemaOf } from './services.ts'

async function openRoles(t: Test) {
  const { url } = await testDatabase(t)
  const databases = Object.fromEntries(storingServices.map((service) => [service, url]))
  const asRole = await makeRoles(databases)
  const connect = async (connectionString: string): Promise<pg.Client> => {
    const client = new pg.Client({ connectionString })
    client.on('error', () => undefined) // the database is dropped with the test
    await client.connect()
    t.teardown(() => client.end())
    return client
  }
  const roles = new Map<string, pg.Client>()
  for (const service of storingServices) roles.set(service, await connect(asRole(service, url)))
  return { url, databases, asRole, owner: await connect(url), roles, connect }
}

const denied = { code: '42501' }

t.test('each service has a role of its own, and none may more than it needs', async (t) => {
  const { owner, roles, url } = await openRoles(t)
  const { rows: all } = await owner.query<{ schema: string; name: string }>(
    `select table_schema as schema, table_name as name from information_schema.tables
     where table_schema = any($1) order by 1, 2`,
    [Object.values(schemaOf)],
  )
  for (const [service, client] of roles) {
    const { rows } = await client.query<{
      rolname: string
    }>(`select rolname, rolsuper, rolcreatedb, rolcreaterole, rolbypassrls, rolreplication
      from pg_roles where rolname = current_user`)
    const not = {
      rolsuper: false,
      rolcreatedb: false,
      rolcreaterole: false,
      rolbypassrls: false,
      rolreplication: false,
    }
    t.match(rows, [not], service)
    t.ok(rows[0]?.rolname.startsWith(new URL(url).pathname.slice(1)), 'its name has the name of the database')
    const { readsAllSchemas } = services.find(({ name }) => name === service) ?? {}
    for (const { schema, name } of all) {
      if (schema === schemaOf[service] && name !== '_prisma_migrations') continue
      const isOutbox = ['outbox', 'unpublished'].includes(name)
      await t.rejects(
        client.query(`delete from ${schema}.${name}`),
        denied,
        `${service} deletes from ${schema}.${name}`,
      )
      if (!isOutbox && !readsAllSchemas)
        await t.rejects(
          client.query(`select * from ${schema}.${name} limit 1`),
          denied,
          `${service} reads ${schema}.${name}`,
        )
    }
    await t.rejects(client.query('create role somebody superuser'), denied)
  }
  const [audit, order] = [roles.get('consumer'), roles.get('order')]
  if (!audit || !order) throw new Error('both store something')
  await audit.query('select id, email from users.accounts')
  await t.rejects(
    audit.query('select password_hash from users.accounts'),
    denied,
    'nobody reads secrets of others',
  )
  for (const secret of [
    'key_hash from users.api_keys',
    'second_factor from users.accounts',
    'signing_secrets from notifications.endpoints',
  ])
    await t.rejects(audit.query(`select ${secret}`), denied, secret)
  await t.rejects(order.query('select data from producer.outbox'), denied, 'nor what others tell')
})

const anEvent = (id: string): string => `
  with mail as (
    insert into producer.outbox (occurred_at, id, lane, aggregate_type, aggregate_id, aggregate_version, subject, type,
      data, correlation_id, causation_id, traceparent)
    values (now(), '${id}', 0, 'test', '${id}', 1, 'test.told', 'test', '{}', '', '', '')
    returning seq, occurred_at, lane, aggregate_id, subject
  ), queued as (
    insert into producer.unpublished (seq, occurred_at, lane, aggregate_id, family)
    select seq, occurred_at, lane, aggregate_id, split_part(subject, '.', 1) from mail
  ) select seq from mail`

t.test('every service tells of what it did, and the producer keeps the outbox', async (t) => {
  const { roles, owner, databases, url } = await openRoles(t)
  let count = 0
  for (const [service, client] of roles) {
    const id = `00000000-0000-7000-8000-${String(++count).padStart(12, '0')}`
    t.equal((await client.query(anEvent(id))).rowCount, 1, service)
  }
  const producer = roles.get('producer')
  const partition = `partition of producer.outbox for values from ('2031-01-01 00:00:00+00') to ('2031-01-02 00:00:00+00')`
  await producer?.query(`create table producer.outbox_20310101 ${partition}`)
  await producer?.query('vacuum (index_cleanup on, truncate off, skip_locked) producer.unpublished')
  await producer?.query('lock table producer.outbox_default in access exclusive mode').catch(() => undefined)
  t.equal((await producer?.query('delete from producer.unpublished'))?.rowCount, roles.size)
  await makeRoles(databases)
  await owner.query('alter table producer.outbox add column later text')
  await producer?.query('drop table producer.outbox_20310101')
  t.match(await owner.query('select tableowner from pg_tables where tablename = $1', ['outbox_default']), {
    rows: [{ tableowner: `${new URL(url).pathname.slice(1)}_producer` }],
  })
})

t.test('every service adds to the log of who did what, and none changes it', async (t) => {
  const { roles } = await openRoles(t)
  const entry = `insert into producer.activity
    (id, at, actor_kind, actor_id, what, subject_id, before, after, reason, address, correlation_id)
    values (gen_random_uuid(), now(), 'user', gen_random_uuid(), 'test.done', '', '{}', '{}', '', '', '')`
  for (const [service, client] of roles) {
    t.equal((await client.query(entry)).rowCount, 1, service)
    for (const sql of [`update producer.activity set what = 'x'`, 'delete from producer.activity'])
      await t.rejects(client.query(sql), denied, `${service}: ${sql}`)
  }
  const remove = 'select producer.remove_old_activity(now(), 100) as removed'
  for (const [service, client] of roles)
    if (service !== 'producer') await t.rejects(client.query(remove), denied, `${service} removes old ones`)
  const removed = await roles.get('producer')?.query(remove)
  t.same(removed?.rows, [{ removed: 0 }], 'and the producer none that is young')
  const [order, consumer] = [roles.get('order'), roles.get('consumer')]
  if (!order || !consumer) throw new Error('both store something')
  await t.rejects(order.query('select what from producer.activity'), denied, 'nor does it read it')
  t.equal((await consumer.query('select what from producer.activity')).rowCount, roles.size)
})

t.test('two databases of one server have roles of their own', async (t) => {
  const [one, other] = [await openRoles(t), await openRoles(t)]
  const orders = new URL(one.asRole('order', one.url))
  orders.pathname = new URL(other.url).pathname
  const stranger = await one.connect(orders.href)
  await t.rejects(stranger.query('select 1 from orders.orders'), denied)
})

t.test('services with databases of their own: the producer and the audit have a role in each', async (t) => {
  const [{ url: one }, { url: other }] = [await testDatabase(t), await testDatabase(t)]
  const databases = Object.fromEntries(
    storingServices.map((service) => [service, service === 'order' ? other : one]),
  )
  const asRole = await makeRoles(databases)
  for (const [service, sql] of [
    ['order', 'select 1 from orders.orders'],
    ['producer', 'select 1 from producer.unpublished'],
    ['consumer', 'select 1 from orders.orders'],
  ] as const) {
    const client = new pg.Client({ connectionString: asRole(service, other) })
    await client.connect()
    await client.query(sql).finally(() => client.end())
  }
})

t.test(
  'an owner who is no superuser makes them too, and one who may not make roles serves for all',
  async (t) => {
    const { url, connect } = await openRoles(t)
    const name = new URL(url).pathname.slice(1)
    const owner = await connect(url)
    for (const [role, rights] of [
      [`${name}_maker`, 'CREATEDB CREATEROLE'],
      [`${name}_plain`, 'CREATEDB'],
    ] as const) {
      await owner.query(`create role ${role} login ${rights} password 'of-its-own'`)
      const own = new URL(url)
      own.username = role
      own.password = 'of-its-own'
      own.pathname = `/${role}`
      await owner.query(`create database ${role} owner ${role}`)
      const databases = Object.fromEntries(storingServices.map((service) => [service, own.href]))
      await migrate({ databases, prismaDir: 'prisma' })
      for (const time of ['first', 'second']) {
        const asRole = await makeRoles(databases)
        const client = new pg.Client({ connectionString: asRole('order', own.href) })
        await client.connect()
        const { rows } = await client.query<{ name: string }>(
          'select current_user::text as name, 1 from orders.orders right join (select 1) x on true',
        )
        await client.end()
        t.equal(rows[0]?.name, role.endsWith('plain') ? role : `${role}_orders`, `${role}, ${time}`)
      }
      await migrate({ databases, prismaDir: 'prisma' })
      await owner.query(`drop database ${role} with (force)`)
    }
  },
)
