import type { Config } from '../../internal/config/config.ts'
import type { StackFile } from '../../internal/config/stack-file.ts'
import { defaultAdmin } from '../../internal/user/domain/known-accounts.ts'
import type { Demo } from './demo.ts'

/** The line that says "ready" and commands to try. Each curl line works when it is pasted. */
export function banner(
  {
    url,
    operationsUrl,
    paymentSandboxUrl,
    inboxUrl,
    identityProviderUrl,
    grpc,
  }: Omit<StackFile, 'databaseUrl' | 'databases' | 'natsUrl' | 'imagesDir'>,
  given: Config,
  demo: Demo,
  hasPages: boolean,
): string {
  return `ready ${url}
${hasPages ? `  shop       ${url}/shop\n  console    ${url}/console\n` : ''}  docs       ${url}/docs
  metrics    ${operationsUrl}/metrics
${paymentSandboxUrl === undefined ? '' : `  payments   ${paymentSandboxUrl} (sandbox)\n`}${inboxUrl === undefined ? '' : `  mails      ${inboxUrl} (inbox)\n`}${identityProviderUrl === undefined ? '' : `  identities ${identityProviderUrl} (for trying)\n`}${grpcOf(grpc)}  admin      ${adminOf(given)}
  customer   ${demo.customer ? `${demo.customer.email} / ${demo.customer.password}` : `POST ${url}/users/register makes one`}

  curl -s '${url}/products?limit=3'
${orderOf(url, demo)}`
}

function grpcOf(grpc: StackFile['grpc']): string {
  const edges = Object.entries(grpc).map(([service, address]) => `${service} ${address}`)
  return edges.length === 0 ? '' : `  grpc       ${edges.join(', ')}\n`
}

/** A password that was set is never shown, not even one that everybody knows. */
function adminOf({ services }: Config): string {
  const { adminEmail, adminPassword } = services.user ?? {}
  return `${String(adminEmail)} / ${adminPassword === '' ? defaultAdmin.password : 'the password of ADMIN_PASSWORD'}`
}

function orderOf(url: string, { customer, productId }: Demo): string {
  if (!customer || productId === '') return ''
  const json = `-H 'content-type: application/json'`
  const login = JSON.stringify(customer)
  const order = JSON.stringify({ items: [{ productId, quantity: 1 }] })
  const token = `sed 's/.*"accessToken":"\\([^"]*\\)".*/\\1/'`
  return `  TOKEN=$(curl -s ${url}/users/login ${json} -d '${login}' | ${token})
  curl -s ${url}/orders -H "authorization: Bearer $TOKEN" ${json} -H 'prefer: wait=5' -d '${order}'
`
}
