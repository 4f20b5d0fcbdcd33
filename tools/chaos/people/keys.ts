import { isDone, type Ask } from '../patient.ts'
import type { Random } from '../../shared/random.ts'

/** An API key of which the answers have told whether it is deleted. */
export type ApiKey = { readonly key: string; readonly isDeleted: boolean }

type Made = { readonly id: string; readonly key: string }

/** An admin makes a key, and deletes most of them. Undefined when nobody knows what became of it. */
export async function makeKey(ask: Ask, random: Random, token: string): Promise<ApiKey | undefined> {
  const body = { name: 'chaos', scopes: ['orders:read'] }
  const made = await ask({ method: 'POST', path: '/admin/api-keys', token, body })
  if (!isDone(made)) return undefined
  const { id, key } = made.body as Made // an answer of our own API
  if (random.next() < 0.4) return { key, isDeleted: false }
  const deleted = await ask({ method: 'DELETE', path: `/admin/api-keys/${id}`, token })
  // A first attempt that was done without an answer leaves nothing for the second.
  const isGone = deleted?.status === 204 || deleted?.status === 404
  return isGone ? { key, isDeleted: true } : undefined
}
