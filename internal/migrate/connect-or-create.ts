import pg from 'pg'
import { SetupError } from '../local/setup-error.ts'

const databaseDoesNotExist = '3D000'
/**
 * Both codes say that somebody else has created the database meanwhile. Which one comes depends on how close the race
 * was.
 */
const databaseExists = ['42P04', '23505']

/**
 * Connects to the database, which is created first if the server does not have it. Refuses a database that keeps no
 * Unicode: names and search need it.
 */
export async function connectOrCreate(url: string): Promise<pg.Client> {
  const client = await connectOrNothing(url)
  if (client === undefined) {
    await createDatabase(url)
    return connect(url)
  }
  const { rows } = await client.query<{ encoding: string; name: string }>(
    `SELECT current_setting('server_encoding') AS encoding, current_database()::text AS name`,
  )
  const [{ encoding, name } = { encoding: '', name: '' }] = rows
  if (encoding === 'UTF8') return client
  await client.end()
  throw new SetupError(
    `the database ${name} has the encoding ${encoding}, and must have UTF8: dump it, drop it, make it again ` +
      `with CREATE DATABASE "${name}" TEMPLATE template0 ENCODING 'UTF8', and restore it`,
  )
}

async function connectOrNothing(url: string): Promise<pg.Client | undefined> {
  try {
    return await connect(url)
  } catch (err) {
    if (hasCode(err, databaseDoesNotExist)) return undefined
    throw err
  }
}

async function createDatabase(url: string): Promise<void> {
  const server = new URL(url)
  const name = decodeURIComponent(server.pathname.slice(1))
  server.pathname = '/postgres'
  const client = await connect(server.href)
  try {
    // A server that was made with the locale C gives its databases another encoding.
    await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)} TEMPLATE template0 ENCODING 'UTF8'`)
  } catch (err) {
    if (!databaseExists.some((code) => hasCode(err, code))) throw err
  } finally {
    await client.end()
  }
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, application_name: 'migrate' })
  await client.connect()
  return client
}

function hasCode(err: unknown, code: string): boolean {
  return err instanceof Error && 'code' in err && err.code === code
}
