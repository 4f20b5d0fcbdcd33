import type { UserId } from '../domain/account.ts'
import { readLogin } from '../domain/login.ts'
import type { Accounts } from './accounts.ts'

type Deps = { readonly accounts: Accounts }

/** Whose login this is; undefined when nobody has it. Only other services may know, so no route shows it. */
export function findAccount({ accounts }: Deps) {
  return async (text: string): Promise<UserId | undefined> => {
    const login = readLogin(text)
    return login && (await accounts.findByLogin(login))?.id
  }
}
