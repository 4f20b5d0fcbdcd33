import type { Config } from '../../internal/config/config.ts'
import { demoAdminPassword, demoCustomer, type Demo } from './demo.ts'

/** What to try, below the line that says "ready". Each curl line works when it is pasted. */
export function banner(url: string, config: Config, demo: Demo): string {
  const json = `-H 'content-type: application/json'`
  const login = JSON.stringify(demoCustomer)
  const order = JSON.stringify({ items: [{ productId: demo.productId, quantity: 1 }] })
  const token = `sed 's/.*"accessToken":"\\([^"]*\\)".*/\\1/'`
  return `ready ${url}
  docs       ${url}/docs
  admin      ${adminOf(config)}
  customer   ${demoCustomer.email} / ${demoCustomer.password}

  curl -s '${url}/products?limit=3'
  TOKEN=$(curl -s ${url}/users/login ${json} -d '${login}' | ${token})
  curl -s ${url}/orders -H "authorization: Bearer $TOKEN" ${json} -H 'prefer: wait=5' -d '${order}'
`
}

/** Only a password that everybody knows is shown. */
function adminOf({ services }: Config): string {
  const { adminEmail, adminPassword } = services.user ?? {}
  return `${String(adminEmail)} / ${adminPassword === demoAdminPassword ? demoAdminPassword : 'the password of ADMIN_PASSWORD'}`
}
