import { Refusal } from '../../platform/refusal.ts'
import type { Account, UserId } from '../domain/account.ts'
import { parseUsername, type Email, type Username } from '../domain/login.ts'

/** Adds an account under the first part of its e-mail address, or under its id if that part is taken or no valid name. */
export async function underFreeUsername(
  { id, email, role }: { readonly id: UserId; readonly email: Email; readonly role: string },
  addAs: (username: Username) => Promise<Account>,
): Promise<Account> {
  try {
    return await addAs(parseUsername(email.slice(0, email.indexOf('@'))))
  } catch (err) {
    const isAboutName = err instanceof Refusal && err.code.startsWith('user.username-')
    if (!isAboutName) throw err
    return addAs(parseUsername(`${role}-${id}`))
  }
}
