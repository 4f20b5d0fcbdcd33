import type { Brand } from '../../platform/brand.ts'

export type IdentityId = Brand<string, 'IdentityId'>

/** An account elsewhere by which somebody logs in. Issuer and subject tell it from all others. */
export type Identity = {
  readonly id: IdentityId
  /** The name of the provider in the settings. */
  readonly provider: string
  readonly issuer: string
  readonly subject: string
  readonly createdAt: Date
}

/** What a provider says of somebody who has logged in there. */
export type Claims = {
  readonly issuer: string
  readonly subject: string
  readonly email: string | undefined
  /** The provider has seen that the address is theirs. */
  readonly isEmailVerified: boolean
  readonly name: string
}
