import { loadConfig } from '../../internal/config/config.ts'
import { readStackFile } from '../../internal/config/stack-file.ts'
import { defaultAdmin } from '../../internal/user/domain/known-accounts.ts'

/** The shop that the settings name: its URL, its admin, its currency, and its payment sandbox, if it is a local stack. */
export type NamedShop = {
  readonly url: string
  readonly admin: { readonly email: string; readonly password: string }
  readonly currency: string
  readonly sandboxUrl: string | undefined
}

/** Finds the shop at `url` or, without one, the stack that runs on DATA_DIR. Throws a ConfigError. */
export async function namedShop(url: string | undefined): Promise<NamedShop> {
  const { services, local } = loadConfig()
  const { adminEmail, adminPassword } = services.user ?? {}
  const { port, currency } = services.gateway ?? {}
  const stack = await readStackFile(local.dataDir)
  return {
    url: url ?? stack?.url ?? `http://localhost:${String(port)}`,
    sandboxUrl: url === undefined || url === stack?.url ? stack?.paymentSandboxUrl : undefined,
    admin: {
      email: String(adminEmail),
      password: adminPassword === '' ? defaultAdmin.password : String(adminPassword),
    },
    currency: String(currency),
  }
}
