import type { Config } from '../../internal/config/config.ts'
import type { StackFile } from '../../internal/config/stack-file.ts'
import { demoAdminPassword, demoCustomer, type Demo } from './demo.ts'

/** The line that says "ready" and commands to try. Each curl line works when it is pasted. */
export function banner(
  { url, operationsUrl }: Pick<StackFile, 'url' | 'operationsUrl'>,
  config: Config,
  demo: Demo,
): string {
  const json = `-H 'content-type: application/json'`
  const login = JSON.stringify(demoCustomer)
  const order = JSON.stringify({ items: [{ productId: demo.productId, quantity: 1 }] })
  const token = `sed 's/.*"accessToken":"\\([^"]*\\)".*/\\1/'`
  return `ready ${url}
  docs       ${url}/docs
  metrics    ${operationsUrl}/metrics
  admin      ${adminOf(config)}
  customer   ${demoCustomer.email} / ${demoCustomer.password}

  curl -s '${url}/products?limit=3'
  TOKEN=$(curl -s ${url}/users/login ${json} -d '${login}' | ${token})
  curl -s ${url}/orders -H "authorization: Bearer $TOKEN" ${json} -H 'prefer: wait=5' -d '${order}'
`
}

/** The password is shown only if it is the default one, which everybody knows. */
function adminOf({ services }: Config): string {
  const { adminEmail, adminPassword } = services.user ?? {}
  return `${String(adminEmail)} / ${adminPassword === demoAdminPassword ? demoAdminPassword : 'the password of ADMIN_PASSWORD'}`
}
