import { isHost } from './host.ts'
import { integer, oneOf, plain, type Setting } from './settings.ts'

/** Where callers outside reach a service by gRPC. */
export type GrpcEdge = {
  /** The setting that has the address. */
  readonly variable: string
  readonly usualPort: number
}

export type GrpcAddress = {
  readonly host: string
  readonly port: number
  /** False: nobody has asked for this port, so a free one does when it is taken. */
  readonly isGiven: boolean
}

/** What a service with an edge reads about it. */
export const grpcSettings = (edge: GrpcEdge) => ({ grpcAddress: grpcAddress(edge), ...callerSettings })

export function grpcAddress({ variable, usualPort }: GrpcEdge): Setting<GrpcAddress> {
  return {
    ...plain,
    variable,
    about:
      `Where the service answers gRPC, as host:port; :${usualPort} means every address of the machine, and off nowhere. ` +
      `Empty: 127.0.0.1:${usualPort}, or a free port when that is taken.`,
    fallback: { host: '127.0.0.1', port: usualPort, isGiven: false },
    example: '',
    expected: `an address and a port, such as 127.0.0.1:${usualPort}, [::1]:${usualPort} or :${usualPort}, or off`,
    parse: (value) => (value === 'off' ? off : parseAddress(value)),
  }
}

/** `undefined` means a wrong value, so the value for nowhere is an address without a host. */
const off: GrpcAddress = { host: '', port: 0, isGiven: true }

export const isOff = ({ host }: GrpcAddress): boolean => host === ''

function parseAddress(text: string): GrpcAddress | undefined {
  const [, bracketed, named, digits] = /^(?:\[([^\]]+)\]|([^:]*)):(\d{1,5})$/.exec(text) ?? []
  const port = Number(digits)
  if (digits === undefined || port > 65_535) return undefined
  const host = bracketed ?? named ?? ''
  if (host === '') return { host: '0.0.0.0', port, isGiven: true }
  return isHost(host) ? { host, port, isGiven: true } : undefined
}

const perMinute = { min: 1, max: 100_000_000 }

/** What the gateway and the gRPC edges must know alike of all callers. */
export const callerSettings = {
  rateLimitPerMinute: integer(
    'RATE_LIMIT_PER_MINUTE',
    60_000,
    perMinute,
    'The most requests per minute of one user, or of one address for those who are not logged in.',
  ),
  apiKeyRequestsPerMinute: integer(
    'API_KEY_REQUESTS_PER_MINUTE',
    6_000,
    perMinute,
    'The most requests per minute of one API key.',
  ),
  staffSecondFactor: oneOf(
    'STAFF_SECOND_FACTOR',
    ['optional', 'required'],
    'optional',
    'With `required`, staff and admins without a second factor may only set one up.',
  ),
} as const
