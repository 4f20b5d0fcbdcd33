import pg from 'pg'

const databaseDoesNotExist = '3D000'
/**
 * Both codes say that somebody else has created the database meanwhile. Which one comes depends on how close the race
 * was.
 */
const databaseExists = ['42P04', '23505']

/** Connects to the database, which is created first if the server does not have it. */
export async function connectOrCreate(url: string): Promise<pg.Client> {
  try {
    return await connect(url)
  } catch (err) {
    if (!hasCode(err, databaseDoesNotExist)) throw err
  }
  await createDatabase(url)
  return connect(url)
}

async function createDatabase(url: string): Promise<void> {
  const server = new URL(url)
  const name = decodeURIComponent(server.pathname.slice(1))
  server.pathname = '/postgres'
  const client = await connect(server.href)
  try {
    await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`)
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
