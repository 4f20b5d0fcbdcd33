import { isIP } from 'node:net'
import { isHost } from './host.ts'
import { items, plain, url, type Setting } from './settings.ts'
import { encodedUrl, isDatabaseName, isUnencoded, namesDatabase } from './written-url.ts'

/** The address of a machine, or one to listen on. */
export function host(variable: string, fallback: string, about: string): Setting<string> {
  return {
    ...plain,
    ...{ variable, about, fallback, example: fallback },
    expected: 'a host name or an IP address, without a protocol and a port',
    parse: (value) => (isHost(value) ? value : undefined),
  }
}

/** The URL of a PostgreSQL database. `advice` follows when its user or password is not encoded. */
export function databaseUrl(variable: string, about: string, advice = ''): Setting<string> {
  const plainUrl = url(variable, ['postgres:', 'postgresql:'], about)
  return {
    ...plainUrl,
    expected: `${plainUrl.expected} and ends with the name of a database: postgres://user:password@host:5432/database`,
    parse: (value) => (plainUrl.parse(value) !== undefined && namesDatabase(value) ? value : undefined),
    expectedOf: (value) => (isUnencoded(value) ? `${encodedUrl}${advice}` : undefined),
  }
}

export function databaseName(variable: string, fallback: string, about: string): Setting<string> {
  return {
    ...plain,
    ...{ variable, about, fallback, example: fallback },
    expected: 'the name of a database, without ; / ? : @ & = + $ , and #',
    parse: (value) => (isDatabaseName(value) ? value : undefined),
  }
}

/** Web origins, exactly as browsers send them: anything else would never match. */
export function origins(variable: string, about: string): Setting<readonly string[]> {
  return {
    ...plain,
    ...{ variable, about, fallback: [], example: '' },
    expected:
      'origins separated by commas, each as browsers send it: http:// or https://, the host in lower case, a port unless it is the usual one, and nothing behind it, such as https://shop.example',
    parse: (value) => (items(value).every(isOrigin) ? items(value) : undefined),
  }
}

/** A list of addresses and networks, which may also be given by their usual names. */
export function networks(variable: string, about: string): Setting<readonly string[]> {
  return {
    ...plain,
    ...{ variable, about, fallback: [], example: '' },
    expected: 'addresses or networks separated by commas, such as 10.0.0.0/8, loopback or uniquelocal',
    parse: (value) => (items(value).every(isNetwork) ? items(value) : undefined),
  }
}

function isOrigin(value: string): boolean {
  return /^https?:/.test(value) && URL.canParse(value) && new URL(value).origin === value
}

function isNetwork(value: string): boolean {
  if (['loopback', 'linklocal', 'uniquelocal'].includes(value)) return true
  const [address = '', bits, ...more] = value.split('/')
  const family = isIP(address)
  if (family === 0 || more.length > 0) return false
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128))
}
