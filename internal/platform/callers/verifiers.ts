import { createVerifier } from 'fast-jwt'
import { keyId, type Verifiers } from './tokens.ts'

/** Verifies what any of these secrets has signed. */
export const verifiersOf = (secrets: readonly string[]): Verifiers =>
  new Map(
    secrets.map((secret) => {
      const verify = createVerifier({ key: secret, algorithms: ['HS256'] })
      return [keyId(secret), { verify: (token) => verify(token) as Readonly<Record<string, unknown>> }]
    }),
  )
