import { randomBytes } from 'node:crypto'
import type { Config } from '../../internal/config/config.ts'
import { openLocalIssuer } from '../../internal/local/local-issuer.ts'
import type { Scope } from '../../internal/platform/run.ts'
import { step } from './step.ts'

type LocalProvider = { readonly url: string; readonly settings: Readonly<Record<string, string>> }

/**
 * The identity provider `local`, by which one can try to log in without the internet. Undefined in production, where it
 * would let anybody in as anybody of its people, and where the settings have a provider of this name.
 */
export async function startIdentityProvider(
  scope: Scope,
  { local, services, isProduction, isExposed }: Config,
): Promise<LocalProvider | undefined> {
  const known = services.user?.oidcIssuers as ReadonlyMap<string, string> | undefined
  if (isProduction || isExposed || known?.has('LOCAL')) return undefined
  const clientSecret = randomBytes(32).toString('base64url')
  const client = { id: 'tillstream', secret: clientSecret, callbackPath: '/auth/oidc/local/callback' }
  const { url } = await step('starting the identity provider', () =>
    openLocalIssuer(scope, { port: local.localOidcPort, client }),
  )
  return {
    url,
    settings: {
      OIDC_LOCAL_ISSUER: url,
      OIDC_LOCAL_CLIENT_ID: client.id,
      OIDC_LOCAL_CLIENT_SECRET: clientSecret,
    },
  }
}
