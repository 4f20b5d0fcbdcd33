import type * as OpenidClient from 'openid-client'
import { Refusal } from '../../platform/refusal.ts'
import type { IdentityProvider, Secrets } from '../application/identities.ts'
import type { Claims } from '../domain/identity.ts'
import type { OidcProviderSettings } from '../oidc-settings.ts'

type Client = typeof OpenidClient
type Configuration = OpenidClient.Configuration

/** Of each request. Nobody else waits for a provider. */
const timeoutSeconds = 5
/** Providers change their keys without this, which are asked for when an unknown one comes. */
const discoverEveryMs = 3_600_000

/** The library is loaded for the first login by a provider, and each provider is asked for its addresses then. */
export function openidProvider(settings: OidcProviderSettings): IdentityProvider {
  const { id } = settings
  let discovered: { readonly config: Promise<Configuration>; readonly atMs: number } | undefined

  async function openConfig(client: Client): Promise<Configuration> {
    if (!discovered || performance.now() - discovered.atMs > discoverEveryMs) {
      const found = { config: discover(client, settings), atMs: performance.now() }
      discovered = found
      // What has failed is tried again by the next one.
      found.config.catch(() => {
        if (discovered === found) discovered = undefined
      })
    }
    return discovered.config
  }

  return {
    id,
    name: id.replace(
      /(^|-)([a-z])/g,
      (_all, dash: string, letter: string) => `${dash && ' '}${letter.toUpperCase()}`,
    ),
    urlFor: ({ redirectUri, state, nonce, verifier }) =>
      orRefuse(async (client) => {
        const config = await openConfig(client)
        const url = client.buildAuthorizationUrl(config, {
          ...{ redirect_uri: redirectUri, scope: 'openid email profile', state, nonce },
          code_challenge: await client.calculatePKCECodeChallenge(verifier),
          code_challenge_method: 'S256',
        })
        return url.href
      }),
    claimsOf: (url, attempt) =>
      orRefuse(async (client) => askForClaims(client, await openConfig(client), url, attempt)),
  }
}

function discover(
  client: Client,
  { issuer, clientId, clientSecret }: OidcProviderSettings,
): Promise<Configuration> {
  const server = new URL(issuer)
  // It is deprecated only to stand out; the settings accept http: of this machine only.
  // eslint-disable-next-line @typescript-eslint/no-deprecated
  const local = server.protocol === 'http:' ? [client.allowInsecureRequests] : []
  return client.discovery(server, clientId, clientSecret, undefined, {
    timeout: timeoutSeconds,
    // The signature is checked although the token comes from the provider itself.
    execute: [...local, client.enableNonRepudiationChecks],
  })
}

async function askForClaims(
  client: Client,
  config: Configuration,
  url: string,
  { state, nonce, verifier }: Secrets,
): Promise<Claims> {
  const tokens = await client.authorizationCodeGrant(config, new URL(url), {
    ...{ expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier },
    idTokenExpected: true,
  })
  const claims = tokens.claims()
  if (!claims) throw notTheirs()
  // Many providers put the address into the token, and others tell it only when they are asked.
  const told =
    claims.email === undefined
      ? { ...(await client.fetchUserInfo(config, tokens.access_token, claims.sub)), ...claims }
      : claims
  const { email, email_verified: verified, name } = told
  return {
    ...{ issuer: claims.iss, subject: claims.sub },
    email: typeof email === 'string' ? email : undefined,
    // Some providers write it as a text.
    isEmailVerified: verified === true || verified === 'true',
    name: typeof name === 'string' ? name : '',
  }
}

/** Says what has gone wrong at a provider without repeating what came from there. */
async function orRefuse<Result>(ask: (client: Client) => Promise<Result>): Promise<Result> {
  const client = await import('openid-client')
  try {
    return await ask(client)
  } catch (err) {
    if (err instanceof client.AuthorizationResponseError)
      throw new Refusal('forbidden', 'auth.identity-refused', 'the provider has not let you in')
    if (isAway(err)) throw unavailable()
    if (err instanceof client.ClientError || err instanceof client.ResponseBodyError) throw notTheirs()
    throw err
  }
}

/** It does not answer in time, cannot be reached, or has a fault. */
function isAway(err: unknown): boolean {
  if (!(err instanceof Error)) return false
  const { code, cause, status } = err as Error & { readonly code?: string; readonly status?: number }
  if (['OAUTH_TIMEOUT', 'OAUTH_ABORT', 'OAUTH_RESPONSE_IS_NOT_CONFORM'].includes(code ?? '')) return true
  if (status !== undefined && status >= 500) return true
  if (err.name === 'TypeError' && err.message.includes('fetch failed')) return true
  return cause !== undefined && isAway(cause)
}

const unavailable = (): Refusal =>
  new Refusal(
    'unavailable',
    'auth.provider-unavailable',
    'the provider does not answer at the moment; try again',
  )

const notTheirs = (): Refusal =>
  new Refusal(
    'unauthenticated',
    'auth.identity-invalid',
    "this is not the provider's answer to this login; begin again",
  )
