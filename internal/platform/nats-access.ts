import { readFileSync } from 'node:fs'
import {
  credsAuthenticator,
  nkeyAuthenticator,
  type Authenticator,
  type NodeConnectionOptions,
} from '@nats-io/transport-node'

/** How a process reaches the broker and who it is there. An empty text stands for what is not given. */
export type NatsAccess = {
  /** One server or several ones of a cluster, separated by commas. A user and a password in it go before those below. */
  readonly url: string
  /** With a credentials file or an nkey it only names the inbox. */
  readonly user?: string
  readonly password?: string
  /** The path of a credentials file: the JWT of a user and its seed. */
  readonly creds?: string
  /** The seed of an nkey. */
  readonly nkey?: string
  /** The path of the certificate of a private authority. */
  readonly ca?: string
}

/** An access that contradicts itself, or that the broker refuses. Whoever starts the process can mend it. */
export class NatsAccessError extends Error {
  constructor(problems: readonly string[], options?: ErrorOptions) {
    super(problems.join('\n'), options)
    this.name = 'NatsAccessError'
  }
}

/** Who the process is. With a token there is no user. */
type Login = { readonly user: string; readonly password: string; readonly token: string }

/** What is contradictory or missing, one line for each problem. A secret never appears in one. */
export function accessProblems(access: NatsAccess): readonly string[] {
  const { url, user = '', password = '', creds = '', nkey = '', ca = '' } = access
  const urls = urlsOf(url)
  if (urls.length === 0) return []
  const inUrl = urls.some(hasUser)
  const ways = [
    ...(inUrl ? ['the user in NATS_URL'] : password === '' ? [] : ['NATS_PASSWORD']),
    ...(creds === '' ? [] : ['NATS_CREDS']),
    ...(nkey === '' ? [] : ['NATS_NKEY']),
  ]
  const problems = {
    [`NATS_URL must have one kind of credentials: it has ${ways.join(' and ')}`]: ways.length > 1,
    [sameLogin]: inUrl && loginOf(urls) === undefined,
    'NATS_PASSWORD must be set, or NATS_CREDS, or NATS_NKEY: NATS_USER is set':
      user !== '' && ways.length === 0,
    'NATS_USER must be set: NATS_PASSWORD is set': password !== '' && user === '' && !inUrl,
    'NATS_URL must begin with tls://: NATS_CA is set': ca !== '' && !urls.some(isTls),
  }
  return Object.keys(problems).filter((problem) => problems[problem])
}

const sameLogin =
  'NATS_URL must give all of its servers the same user and password, in which /, #, ?, @ and % are written as %2F, %23, %3F, %40 and %25'

/** True when the access has credentials of any kind. */
export const hasCredentials = ({ url, password = '', creds = '', nkey = '' }: NatsAccess): boolean =>
  `${password}${creds}${nkey}` !== '' || urlsOf(url).some(hasUser)

/**
 * The options of the client, which by itself takes neither the credentials nor `tls://` from a URL. Throws a
 * NatsAccessError for an access that contradicts itself or names a file that cannot be used.
 */
export function natsOptions(given: NatsAccess | string): NodeConnectionOptions {
  const access = typeof given === 'string' ? { url: given } : given
  const problems = accessProblems(access)
  if (problems.length > 0) throw new NatsAccessError(problems)
  const urls = urlsOf(access.url)
  const { user, password, token } = loginOf(urls) ?? besideUrl(access)
  const authenticator = authenticatorOf(access)
  return {
    servers: urls.map(({ hostname, port }) => `${hostname}:${port || '4222'}`),
    ...(user === '' ? {} : { inboxPrefix: inboxOf(user) }),
    ...(token === '' ? {} : { token }),
    ...(authenticator ? { authenticator } : user === '' ? {} : { user, pass: password }),
    ...(urls.some(isTls) ? { tls: access.ca ? { ca: read('NATS_CA', access.ca) } : {} } : {}),
  }
}

/**
 * The first word of the subjects on which a user gets its answers. Every user has its own, and the broker lets nobody
 * else listen there: whoever may read the inbox of others reads what they are told.
 */
export const inboxOf = (user: string): string => `_INBOX_${user.replaceAll(/[^\w-]/g, '_')}`

/** The same servers for a user with this password. */
export const urlWithUser = (url: string, user: string, password: string): string =>
  urlsOf(url)
    .map(
      ({ protocol, host }) =>
        `${protocol}//${encodeURIComponent(user)}:${encodeURIComponent(password)}@${host}`,
    )
    .join()

/** The access as one URL, as far as it is a matter of user and password. */
export const urlOf = (access: NatsAccess): string => {
  const { user = '', password = '', url } = access
  return user === '' || password === '' || urlsOf(url).some(hasUser) ? url : urlWithUser(url, user, password)
}

const urlsOf = (url: string): readonly URL[] =>
  url
    .split(',')
    .map((server) => server.trim())
    .filter(Boolean)
    .map((server) => new URL(server))

const hasUser = ({ username, password }: URL): boolean => username !== '' || password !== ''
const isTls = ({ protocol }: URL): boolean => protocol === 'tls:'

const besideUrl = ({ user = '', password = '' }: NatsAccess): Login => ({ user, password, token: '' })

/** The one login in the URLs. Undefined when there is none, when they differ, or when it cannot be decoded. */
function loginOf(urls: readonly URL[]): Login | undefined {
  const [first, ...others] = urls
  if (!first || !hasUser(first)) return undefined
  const isSame = (url: URL): boolean => url.username === first.username && url.password === first.password
  if (!others.every(isSame)) return undefined
  try {
    const [user, password] = [decodeURIComponent(first.username), decodeURIComponent(first.password)]
    // The broker's own tools write a token as nats://token@host.
    return password === '' ? { user: '', password, token: user } : { user, password, token: '' }
  } catch {
    return undefined
  }
}

function authenticatorOf({ creds = '', nkey = '' }: NatsAccess): Authenticator | undefined {
  if (creds === '' && nkey === '') return undefined
  const authenticator = creds
    ? credsAuthenticator(() => Buffer.from(read('NATS_CREDS', creds))) // again for each connection: it may be renewed
    : nkeyAuthenticator(Buffer.from(nkey))
  try {
    authenticator('any text') // what is no key would look like a broker that is away
  } catch (err) {
    if (err instanceof NatsAccessError) throw err
    const problem = creds
      ? 'NATS_CREDS must be the path of a credentials file, with the JWT and the seed of a user'
      : 'NATS_NKEY must be the seed of a user, which begins with SU'
    throw new NatsAccessError([problem])
  }
  return authenticator
}

function read(variable: string, file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (err) {
    const { code = '' } = err as { readonly code?: string }
    throw new NatsAccessError([`${variable} must be the path of a file that can be read: ${code}`])
  }
}
