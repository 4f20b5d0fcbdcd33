import { Refusal } from '../../platform/refusal.ts'

export function taken(what: 'email' | 'username'): Refusal {
  return new Refusal('conflict', `user.${what}-taken`, `there is an account with this ${what} already`)
}
