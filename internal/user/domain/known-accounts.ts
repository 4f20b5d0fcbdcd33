/**
 * The accounts of the local stack. Everybody knows their passwords, so they exist only where nobody else gets: on
 * loopback, outside production, while no own admin is set.
 */
export const defaultAdmin = { email: 'admin@example.com', password: 'admin-password' } as const
export const defaultCustomer = { email: 'customer@example.com', password: 'customer-password' } as const

export type Login = { readonly email: string; readonly password: string }

export const knownAccounts: readonly Login[] = [defaultAdmin, defaultCustomer]

export const isKnownPassword = (password: string): boolean =>
  knownAccounts.some((account) => account.password === password)

export const isDefaultAdmin = ({ email, password }: Login): boolean =>
  email === defaultAdmin.email && password === defaultAdmin.password
