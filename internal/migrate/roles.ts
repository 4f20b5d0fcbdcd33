import type pg from 'pg'
import { asRole, roleName, rolePassword } from '../platform/database-role.ts'
import { services } from '../services.ts'
import { connectOrCreate } from './connect-or-create.ts'
import { migrationLock } from './migrate.ts'
import { closeActivity, grantOutbox, grantReading, grantSchema, ownOutbox } from './role-grants.ts'

/** The URL by which a service connects to one of the databases. */
export type AsRole = (service: string, databaseUrl: string) => string

const storing = services.flatMap(({ name, schema, readsAllSchemas = false }) =>
  schema === undefined ? [] : [{ name, schema, readsAllSchemas }],
)

/**
 * Makes a PostgreSQL role for each service in each database, after the migrations, and gives each what it needs and
 * nothing else. None is a superuser. Where the owner may not create roles, or has no password from which theirs could
 * follow, services connect as the owner.
 */
export async function makeRoles(databases: Readonly<Record<string, string>>): Promise<AsRole> {
  const withRoles = new Set<string>()
  for (const url of new Set(Object.values(databases))) {
    const client = await connectOrCreate(url)
    try {
      await client.query('SELECT pg_advisory_lock($1)', [migrationLock])
      if (!(await mayCreateRoles(client)) || rolePassword(url, '') === undefined) continue
      const here = storing.filter(({ name }) => name === 'producer' || databases[name] === url)
      await makeRolesIn(client, url, here)
      withRoles.add(url)
    } finally {
      await client.end() // this releases the lock
    }
  }
  return (service, url) => (withRoles.has(url) ? roleUrl(service, url) : url)
}

/** The URL of a service's role; services without a schema have none. */
export function roleUrl(service: string, url: string): string {
  const schema = storing.find(({ name }) => name === service)?.schema
  if (schema === undefined) return url
  const role = roleName(url, schema)
  const password = rolePassword(url, role)
  return password === undefined ? url : asRole(url, role, password)
}

async function makeRolesIn(client: pg.Client, url: string, here: typeof storing): Promise<void> {
  // The producer and the audit work in every database.
  const all = storing.filter((service) => here.includes(service) || service.readsAllSchemas)
  for (const { schema } of all) await ensureRole(client, url, roleName(url, schema))
  for (const service of all) {
    const role = roleName(url, service.schema)
    if (here.includes(service)) await grantSchema(client, role, service.schema)
    if (service.name === 'producer') await ownOutbox(client, role)
    if (service.name === 'producer') await closeActivity(client, role)
    else await grantOutbox(client, role)
    if (service.readsAllSchemas) for (const { schema } of here) await grantReading(client, role, schema)
  }
}

async function ensureRole(client: pg.Client, url: string, role: string): Promise<void> {
  const name = client.escapeIdentifier(role)
  const { rowCount } = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [role])
  if (rowCount === 0) await client.query(`CREATE ROLE ${name}`)
  const password = client.escapeLiteral(rolePassword(url, role) ?? '')
  await client.query(`ALTER ROLE ${name} WITH LOGIN NOCREATEDB NOCREATEROLE PASSWORD ${password}`)
  // The owner stays able to migrate what the role owns.
  await client.query(`GRANT ${name} TO CURRENT_USER`)
}

async function mayCreateRoles(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ may: boolean }>(
    'SELECT rolsuper OR rolcreaterole AS may FROM pg_roles WHERE rolname = current_user',
  )
  return rows[0]?.may ?? false
}
