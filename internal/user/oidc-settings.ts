import { isLoopback } from '../platform/host.ts'
import { anyName, family, plain, secret, text, type Setting, type ValuesOf } from '../platform/settings.ts'
import { isUrl } from '../platform/written-url.ts'

/** Plain HTTP would let anybody on the way log in as anybody, so it is for one's own machine only. */
const issuer: Setting<string> = {
  ...plain,
  variable: `OIDC_${anyName}_ISSUER`,
  about:
    'The issuer of a provider of OpenID Connect by which people log in, such as OIDC_GOOGLE_ISSUER=https://accounts.google.com. The name is yours: `GET /auth/providers` shows it.',
  fallback: '',
  example: '',
  expected: 'a URL that begins with https://, or with http:// on this machine',
  parse: (value) => (isUrl(value, ['https:']) || isNear(value) ? value : undefined),
}

const isNear = (value: string): boolean =>
  isUrl(value, ['http:']) && isLoopback(new URL(value).hostname.replace(/^\[|\]$/g, ''))

export const oidcSettings = {
  oidcIssuers: family(issuer),
  oidcClientIds: family(text(`OIDC_${anyName}_CLIENT_ID`, '', 'The client id of the shop at that provider.')),
  oidcClientSecrets: family(
    secret(
      `OIDC_${anyName}_CLIENT_SECRET`,
      { minBytes: 1 },
      'The client secret of the shop at that provider.',
    ),
  ),
} as const

type OidcSettings = ValuesOf<typeof oidcSettings>

export type OidcProviderSettings = {
  /** As it stands in addresses: google, my-company. */
  readonly id: string
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
}

const namesOf = ({ oidcIssuers, oidcClientIds, oidcClientSecrets }: OidcSettings): readonly string[] => [
  ...new Set([...oidcIssuers.keys(), ...oidcClientIds.keys(), ...oidcClientSecrets.keys()]),
]

/** A provider needs all three. */
export function oidcContradictions(settings: OidcSettings): readonly string[] {
  const { oidcIssuers, oidcClientIds, oidcClientSecrets } = settings
  const missing = (name: string, what: string, values: ReadonlyMap<string, string>): readonly string[] =>
    values.has(name) ? [] : [`OIDC_${name}_${what} must be set: another setting names the provider ${name}`]
  return namesOf(settings).flatMap((name) => [
    ...missing(name, 'ISSUER', oidcIssuers),
    ...missing(name, 'CLIENT_ID', oidcClientIds),
    ...missing(name, 'CLIENT_SECRET', oidcClientSecrets),
  ])
}

export const oidcProvidersOf = (settings: OidcSettings): readonly OidcProviderSettings[] =>
  [...namesOf(settings)].sort().map((name) => ({
    id: name.toLowerCase().replaceAll('_', '-'),
    issuer: settings.oidcIssuers.get(name) ?? '',
    clientId: settings.oidcClientIds.get(name) ?? '',
    clientSecret: settings.oidcClientSecrets.get(name) ?? '',
  }))
