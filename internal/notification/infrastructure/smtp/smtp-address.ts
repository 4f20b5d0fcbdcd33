import { isLoopback } from '../../../platform/host.ts'

export type SmtpAddress = {
  readonly host: string
  readonly port: number
  /** TLS from the first byte. */
  readonly secure: boolean
  /** A server that does not offer TLS gets nothing. */
  readonly requireTLS: boolean
  readonly user: string
  readonly password: string
}

/** A password never crosses a network in clear. */
export function smtpAddress(url: string): SmtpAddress {
  const { protocol, hostname, port, username, password } = new URL(url)
  const secure = protocol === 'smtps:'
  const host = decodeURIComponent(hostname).replace(/^\[|\]$/g, '')
  return {
    ...{ host, secure, port: port === '' ? (secure ? 465 : 587) : Number(port) },
    ...{ user: decodeURIComponent(username), password: decodeURIComponent(password) },
    requireTLS: !secure && username !== '' && !isLoopback(host),
  }
}
