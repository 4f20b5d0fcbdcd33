import { generateKeyPair, randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { promisify } from 'node:util'
import type { Configuration, Provider } from 'oidc-provider'
import { isLoopback } from '../platform/host.ts'

export type Person = {
  readonly id: string
  readonly name: string
  readonly email: string
  /** The provider has seen that the address is theirs. */
  readonly isVerified: boolean
}

export type IssuerClient = { readonly id: string; readonly secret: string; readonly callbackPath: string }

export type Issuer = (request: IncomingMessage, response: ServerResponse) => Promise<void>

const minute = 60
const keyBits = 2_048

/** A certified implementation of OpenID Connect, with a page on which one says who one is. */
export async function openIssuer(
  url: string,
  client: IssuerClient,
  people: readonly Person[],
): Promise<Issuer> {
  const provider = await makeProvider(url, client, people)
  const callback = provider.callback()
  return async (request, response) => {
    const [, uid, person] = /^\/login\/([\w-]+)(?:\/([\w-]+))?$/.exec(request.url ?? '') ?? []
    if (uid === undefined) await callback(request, response)
    else if (person === undefined) showPeople(response, uid, people)
    else await provider.interactionFinished(request, response, { login: { accountId: person } })
  }
}

async function makeProvider(url: string, client: IssuerClient, people: readonly Person[]): Promise<Provider> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: keyBits })
  const jwk = { ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256', kid: 'local' }
  return withoutWarnings(async () => {
    const { Provider, interactionPolicy } = await import('oidc-provider')
    const policy = interactionPolicy.base()
    // Whoever tries it wants to be somebody else each time.
    policy
      .get('login')
      ?.checks.add(
        new interactionPolicy.Check(
          'each_time',
          'say who you are',
          'login_required',
          ({ oidc }) => !oidc.result?.login,
        ),
      )
    const provider = new Provider(url, {
      ...configurationOf(client, people),
      jwks: { keys: [jwk] },
      interactions: {
        policy,
        url: (_context, { uid }) => `/login/${uid}`,
      },
    })
    // The shop's port is not known yet, and it has two names on this machine.
    provider.Client.prototype.redirectUriAllowed = (uri: string) => isCallback(uri, client)
    return provider
  })
}

function configurationOf({ id, secret }: IssuerClient, people: readonly Person[]): Configuration {
  const scope = 'openid email profile'
  return {
    clients: [
      {
        client_id: id,
        client_secret: secret,
        redirect_uris: ['http://127.0.0.1/any'], // replaced by redirectUriAllowed
        grant_types: ['authorization_code'],
        response_types: ['code'],
        token_endpoint_auth_method: 'client_secret_post',
      },
    ],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    cookies: { keys: [randomBytes(32).toString('base64url')] },
    features: { devInteractions: { enabled: false } },
    pkce: { required: () => true },
    ttl: {
      ...{ AccessToken: 5 * minute, AuthorizationCode: minute, IdToken: 5 * minute },
      ...{ Grant: 10 * minute, Interaction: 10 * minute, Session: 10 * minute },
    },
    async findAccount(_context, accountId) {
      const person = people.find((known) => known.id === accountId)
      if (!person) return undefined
      const { name, email, isVerified } = person
      return { accountId, claims: async () => ({ sub: accountId, name, email, email_verified: isVerified }) }
    },
    // Nobody is asked whether the shop may know them.
    async loadExistingGrant({ oidc }) {
      const { client, session, provider } = oidc
      if (!client || !session?.accountId) return undefined
      const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId })
      grant.addOIDCScope(scope)
      await grant.save()
      return grant
    },
  }
}

function isCallback(uri: string, { callbackPath }: IssuerClient): boolean {
  if (!URL.canParse(uri)) return false
  const { protocol, hostname, pathname } = new URL(uri)
  return protocol === 'http:' && isLoopback(hostname) && pathname === callbackPath
}

/** They are about production, and about Node 20, on which it runs. */
async function withoutWarnings<Result>(work: () => Promise<Result>): Promise<Result> {
  // The library writes nowhere else.
  /* eslint-disable no-console */
  const { warn, info } = console
  console.warn = console.info = () => undefined
  /* eslint-enable no-console */
  try {
    return await work()
  } finally {
    Object.assign(console, { warn, info })
  }
}

function showPeople(response: ServerResponse, uid: string, people: readonly Person[]): void {
  const buttons = people.map(
    ({ id, name, email, isVerified }) =>
      `<form method="post" action="/login/${uid}/${id}"><button>${name} &lt;${email}&gt;${isVerified ? '' : ' (not verified)'}</button></form>`,
  )
  response.setHeader('content-type', 'text/html; charset=utf-8')
  response.setHeader('cache-control', 'no-store')
  response.end(`<!doctype html><html lang="en"><meta charset="utf-8"><title>Who are you?</title>
<style>body{font:1rem/1.6 system-ui;max-width:28rem;margin:4rem auto}button{width:100%;padding:.6rem;margin:.3rem 0;font:inherit}</style>
<h1>Who are you?</h1><p>This identity provider is for trying: be anybody.</p>
${buttons.join('\n')}</html>`)
}
