import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { type Test } from 'tap'

export type TestDatabase = {
  readonly url: string
}

/** A migrated, empty database for one test, dropped when the test ends. */
export async function testDatabase(t: Test): Promise<TestDatabase> {
  const template = templateUrl()
  const name = `test_${randomBytes(8).toString('hex')}`
  const strategy = process.env.TEST_CLONE_STRATEGY ?? 'WAL_LOG'
  await administer(
    template,
    `CREATE DATABASE "${name}" TEMPLATE "${template.pathname.slice(1)}" STRATEGY ${strategy}`,
  )
  t.teardown(async () => {
    await administer(template, `DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`)
    await administer(template, dropRoles(name))
  })
  const url = new URL(template)
  url.pathname = `/${name}`
  return { url: url.href }
}

/** Drops the roles that a stack has made for this database, but those that another database still needs. */
const dropRoles = (database: string): string => `
  DO $$ DECLARE name text; BEGIN
    FOR name IN SELECT rolname FROM pg_roles WHERE starts_with(rolname, '${database}_') LOOP
      BEGIN EXECUTE format('DROP ROLE %I', name);
      EXCEPTION WHEN dependent_objects_still_exist OR undefined_object THEN NULL; END;
    END LOOP;
  END $$`

/** Made once per run by the test runner. */
function templateUrl(): URL {
  const url = process.env.TEST_POSTGRES_URL
  if (!url) throw new Error('TEST_POSTGRES_URL is not set: run this file with `npm test -- FILE`')
  return new URL(url)
}

/** Connects to the `postgres` database, because nobody may be connected to a template while it is cloned. */
async function administer(template: URL, sql: string): Promise<void> {
  const url = new URL(template)
  url.pathname = '/postgres'
  const client = new pg.Client({ connectionString: url.href })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}
