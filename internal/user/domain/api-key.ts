import type { Brand } from '../../platform/brand.ts'
import { parsePermissions, type Permission } from '../../platform/permissions.ts'
import { Refusal } from '../../platform/refusal.ts'
import { isAtMost, isStorableLine, textLengths, tidy } from '../../platform/text.ts'
import type { UserId } from './account.ts'

export type ApiKeyId = Brand<string, 'ApiKeyId'>

/** What a back end calls with. Its secret is shown once, and only its digest is stored. */
export type ApiKey = {
  readonly id: ApiKeyId
  readonly name: string
  readonly scopes: readonly Permission[]
  readonly createdBy: UserId
  readonly createdAt: Date
  /** Undefined: it does not expire. */
  readonly expiresAt: Date | undefined
  /** To the minute. */
  readonly lastUsedAt: Date | undefined
}

export type WantedKey = {
  readonly name: string
  readonly scopes: readonly string[]
  readonly expiresAt: Date | undefined
}

type Made = { readonly id: ApiKeyId; readonly createdBy: UserId }

export function makeApiKey({ id, createdBy }: Made, wanted: WantedKey, at: Date): ApiKey {
  const name = tidy(wanted.name)
  if (name === '' || !isAtMost(name, textLengths.personName) || !isStorableLine(name))
    throw new Refusal(
      'invalid',
      'api-key.invalid-name',
      `a name has 1 to ${textLengths.personName} characters`,
    )
  const scopes = parsePermissions(wanted.scopes)
  if (scopes.length === 0)
    throw new Refusal('invalid', 'api-key.no-scopes', 'a key without scopes may nothing')
  const { expiresAt } = wanted
  if (expiresAt && !(expiresAt > at))
    throw new Refusal('invalid', 'api-key.invalid-expiry', 'expiresAt must be a time that is to come')
  return { id, name, scopes, createdBy, createdAt: at, expiresAt, lastUsedAt: undefined }
}

export const isLivingKey = ({ expiresAt }: ApiKey, at: Date): boolean =>
  expiresAt === undefined || expiresAt > at

export const apiKeyNotFound = (): Refusal =>
  new Refusal('not-found', 'api-key.not-found', 'there is no such API key')
