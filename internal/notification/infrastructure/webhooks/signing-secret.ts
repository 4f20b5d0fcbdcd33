import { randomBytes } from 'node:crypto'
import { Refusal } from '../../../platform/refusal.ts'

// Standard Webhooks: whsec_ and 24 to 64 bytes in base64.

export const newSigningSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`

export function parseSigningSecret(text: string): string {
  const [, encoded = ''] = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(text) ?? []
  const bytes = Buffer.from(encoded, 'base64')
  if (bytes.length >= 24 && bytes.length <= 64 && bytes.toString('base64') === encoded) return text
  throw new Refusal(
    'invalid',
    'webhook.invalid-secret',
    'a secret is whsec_ followed by 24 to 64 bytes in base64',
  )
}
