import { createHash, createSign, generateKeyPairSync } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Test } from 'tap'

export type ForgedToken = {
  /** In place of the right claims. */
  readonly claims?: Readonly<Record<string, unknown>>
  /** Signed by somebody else. */
  readonly isForeign?: boolean
}

export type ForgingIssuer = {
  readonly url: string
  /** What it does from now on. */
  readonly behave: (token: ForgedToken) => void
  /** Requests get no answer, or this status. */
  readonly fail: (how: 'hang' | 503 | undefined) => void
  /** Somebody logs in there: returns the address to which the provider sends the browser. */
  readonly logIn: (authorizationUrl: string) => string
  readonly close: () => Promise<void>
}

const b64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

/** A small provider of OpenID Connect that does wrong when it is told to. */
export async function forgingIssuer(t: Test, clientId: string, port = 0): Promise<ForgingIssuer> {
  const [own, foreign] = [newKey(), newKey()]
  const codes = new Map<string, { readonly nonce: string; readonly challenge: string }>()
  let token: ForgedToken = {}
  let failure: 'hang' | 503 | undefined
  let url = ''

  function idToken(nonce: string): string {
    const now = Math.floor(Date.now() / 1_000)
    const right = { iss: url, aud: clientId, sub: 'ada', nonce, iat: now, exp: now + 60 }
    const person = { email: 'ada@example.com', email_verified: true, name: 'Ada' }
    const signed = `${b64({ alg: 'RS256', kid: 'k' })}.${b64({ ...right, ...person, ...token.claims })}`
    const key = token.isForeign ? foreign : own
    return `${signed}.${createSign('sha256').update(signed).sign(key.privateKey).toString('base64url')}`
  }

  const answers: Readonly<Record<string, (body: URLSearchParams) => object>> = {
    '/.well-known/openid-configuration': () => ({
      ...{ issuer: url, authorization_endpoint: `${url}/authorize`, token_endpoint: `${url}/token` },
      ...{ jwks_uri: `${url}/jwks`, response_types_supported: ['code'], subject_types_supported: ['public'] },
      id_token_signing_alg_values_supported: ['RS256'],
    }),
    '/jwks': () => ({
      keys: [{ ...own.publicKey.export({ format: 'jwk' }), kid: 'k', alg: 'RS256', use: 'sig' }],
    }),
    '/token'(body) {
      const code = codes.get(body.get('code') ?? '')
      codes.delete(body.get('code') ?? '')
      const verifier = createHash('sha256')
        .update(body.get('code_verifier') ?? '')
        .digest('base64url')
      if (code?.challenge !== verifier) return { error: 'invalid_grant' }
      return { access_token: 'a', token_type: 'Bearer', id_token: idToken(code.nonce) }
    },
  }
  const server = createServer((request, response) => {
    if (failure === 'hang') return
    let text = ''
    request.on('data', (chunk: Buffer) => (text += chunk.toString()))
    request.on('end', () => {
      const body = answers[request.url ?? '']?.(new URLSearchParams(text)) ?? { error: 'not_found' }
      response.statusCode = failure === 503 ? failure : 'error' in body ? 400 : 200
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify(body))
    })
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const close = async (): Promise<void> => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  t.teardown(close)
  return {
    url,
    close,
    behave: (wanted) => (token = wanted),
    fail: (how) => (failure = how),
    logIn(authorizationUrl) {
      const { searchParams: asked } = new URL(authorizationUrl)
      const code = Math.random().toString(36).slice(2)
      codes.set(code, { nonce: asked.get('nonce') ?? '', challenge: asked.get('code_challenge') ?? '' })
      const back = new URL(asked.get('redirect_uri') ?? '')
      back.search = new URLSearchParams({ code, state: asked.get('state') ?? '' }).toString()
      return back.href
    },
  }
}

const newKey = () => generateKeyPairSync('rsa', { modulusLength: 2_048 })
