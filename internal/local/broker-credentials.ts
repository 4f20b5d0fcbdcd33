import { randomBytes } from 'node:crypto'
import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { brokerUsersConf, type BrokerUser } from '../platform/broker-users.ts'

/** The passwords of a local broker's users. They are made at random once and kept, so that they outlive a restart. */
export type BrokerCredentials = {
  /** For nats-server's configuration, which holds the passwords. */
  readonly conf: string
  readonly passwordOf: (user: string) => string
}

const fileName = 'credentials.json'

/** Keeps the passwords in a file of that folder which only its owner can read. */
export async function brokerCredentials(
  dir: string,
  users: readonly BrokerUser[],
): Promise<BrokerCredentials> {
  await mkdir(dir, { recursive: true })
  const file = path.join(dir, fileName)
  const kept = await readKept(file)
  const passwords = new Map(
    users.map(({ name }) => [name, kept[name] ?? randomBytes(24).toString('base64url')] as const),
  )
  const passwordOf = (user: string): string => {
    const password = passwords.get(user)
    if (password === undefined) throw new Error(`the broker has no user ${user}`)
    return password
  }
  await writePrivate(file, `${JSON.stringify(Object.fromEntries(passwords), undefined, 2)}\n`)
  return { conf: brokerUsersConf(users, ({ name }) => JSON.stringify(passwordOf(name))), passwordOf }
}

/** Replaces the file as a whole. Nobody else can read it at any moment. */
export async function writePrivate(file: string, text: string): Promise<void> {
  const fresh = `${file}.${process.pid}`
  await writeFile(fresh, text, { mode: 0o600 })
  await chmod(fresh, 0o600) // it may be left from a process that was killed
  await rename(fresh, file)
}

async function readKept(file: string): Promise<Readonly<Record<string, string>>> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Record<string, string>
  } catch {
    return {} // there is none yet, or it is damaged; new passwords do as well
  }
}
