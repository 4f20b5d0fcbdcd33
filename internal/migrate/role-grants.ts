import type pg from 'pg'

type Tables = readonly { readonly name: string; readonly columns: readonly string[] }[]

/** What nobody but the owning service reads. */
const secretColumns = ['password_hash', 'key_hash', 'second_factor', 'signing_secrets']
/** The contents of events, which only the producer and the audit read. */
const contents = 'data'

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

/** A service reads and writes the rows of its own schema, and changes no table. */
export async function grantSchema(client: pg.Client, role: string, schema: string): Promise<void> {
  const [to, own] = [quoted(role), quoted(schema)]
  await client.query(`
    GRANT USAGE ON SCHEMA ${own} TO ${to};
    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${own} TO ${to};
    GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA ${own} TO ${to};
    REVOKE ALL ON ${own}._prisma_migrations FROM ${to}`)
}

/** Every service puts events into the outbox of its database, and finds out later which event it has put there. */
export async function grantOutbox(client: pg.Client, role: string): Promise<void> {
  const outbox = (await tablesOf(client, 'producer')).find(({ name }) => name === 'outbox')
  const seen = (outbox?.columns ?? []).filter((column) => column !== contents).map(quoted)
  await client.query(`
    GRANT USAGE ON SCHEMA producer TO ${quoted(role)};
    GRANT INSERT ON producer.outbox, producer.unpublished, producer.activity TO ${quoted(role)};
    GRANT USAGE ON SEQUENCE producer.outbox_seq_seq TO ${quoted(role)};
    GRANT SELECT (${seen.join(', ')}) ON producer.outbox TO ${quoted(role)}`)
}

/**
 * Whoever has written an entry of the log of who did what cannot change or remove it, the producer neither. Old ones it
 * removes by a function that leaves the others alone.
 */
export async function closeActivity(client: pg.Client, role: string): Promise<void> {
  await client.query(`
    REVOKE UPDATE, DELETE, TRUNCATE ON producer.activity FROM ${quoted(role)};
    GRANT EXECUTE ON FUNCTION producer.remove_old_activity(TIMESTAMPTZ, INTEGER) TO ${quoted(role)}`)
}

/** For the audit: it reads everything but secrets. */
export async function grantReading(client: pg.Client, role: string, schema: string): Promise<void> {
  const to = quoted(role)
  await client.query(`GRANT USAGE ON SCHEMA ${quoted(schema)} TO ${to}`)
  for (const { name, columns } of await tablesOf(client, schema)) {
    const open = columns.filter((column) => !secretColumns.includes(column))
    const list = open.length === columns.length ? '' : ` (${open.map(quoted).join(', ')})`
    await client.query(`GRANT SELECT${list} ON ${quoted(schema)}.${quoted(name)} TO ${to}`)
  }
}

const lockTimeout = "SET LOCAL lock_timeout = '3s'"
const lockNotAvailable = '55P03'
const mostAttempts = 10

/**
 * The producer makes and drops partitions and vacuums, which only an owner may. Changing the owner needs a lock on the
 * outbox, which is not waited for: whoever writes would wait behind it.
 */
export async function ownOutbox(client: pg.Client, role: string): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `select c.oid::regclass::text as name from pg_class c
     where c.relnamespace = 'producer'::regnamespace and c.relkind in ('r', 'p') and c.relname ~ '^(outbox|unpublished)'
       and pg_get_userbyid(c.relowner) <> $1
     order by c.relkind = 'p' desc, 1`,
    [role],
  )
  await client.query(`GRANT CREATE, USAGE ON SCHEMA producer TO ${quoted(role)}`)
  if (rows.length === 0) return
  const changes = rows.map(({ name }) => `ALTER TABLE ${name} OWNER TO ${quoted(role)}`)
  for (let attempt = 1; ; attempt++) {
    try {
      await client.query(['BEGIN', lockTimeout, ...changes, 'COMMIT'].join(';\n'))
      return
    } catch (err) {
      await client.query('ROLLBACK')
      const isLocked = err instanceof Error && 'code' in err && err.code === lockNotAvailable
      if (!isLocked || attempt === mostAttempts) throw err
    }
  }
}

async function tablesOf(client: pg.Client, schema: string): Promise<Tables> {
  const { rows } = await client.query<{ name: string; columns: string[] }>(
    `select c.relname::text as name, array_agg(a.attname::text order by a.attnum) as columns
     from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     where c.relnamespace = $1::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
     group by 1 order by 1`,
    [quoted(schema)],
  )
  return rows
}
