import { randomUUID } from 'node:crypto'
import { problemOf, sendAs, type Session } from './accounts.ts'
import { ownTerms } from './domain/invoice-money.ts'
import { ReplayFailure } from './replay-failure.ts'
import type { Rest } from './rest.ts'

type Rule = Readonly<Record<string, unknown>> & { readonly id: string }

const { country, shippingName, shipping, freeFrom, taxPercent } = ownTerms

/** Sees to it that the replay's shipping method and tax rate are there. Returns the id of the method. */
export async function openTerms(rest: Rest, admin: Session): Promise<string> {
  const send: Rest['send'] = (request) => sendAs(rest, admin, request)
  await refuseWithoutMethods(send)
  const method = { name: shippingName, countries: [country], price: shipping, freeFrom }
  await ensure(send, '/admin/tax-rates', { country, percent: taxPercent }, (rule) => {
    return rule.country === country && rule.region === undefined && rule.category === undefined
  })
  return ensure(send, '/admin/shipping-methods', method, ({ name }) => name === shippingName)
}

async function refuseWithoutMethods(send: Rest['send']): Promise<void> {
  const answer = await send({ method: 'GET', path: '/payment-methods' })
  const { data = [] } = (answer.body ?? {}) as { readonly data?: readonly { readonly id: string }[] }
  const lacks = ['card', 'invoice'].filter((wanted) => !data.some(({ id }) => id === wanted))
  if (lacks.length > 0)
    throw new ReplayFailure(
      `the shop does not take ${lacks.join(' and ')}, with which invoices are paid for: ${answer.status}`,
    )
}

/** Finds the rule or makes it. One that says something else belongs to somebody else, and is not touched. */
async function ensure(
  send: Rest['send'],
  path: string,
  wanted: Readonly<Record<string, unknown>>,
  isIt: (rule: Rule) => boolean,
): Promise<string> {
  const found = (await listAll(send, path)).find(isIt)
  if (found) {
    const other = Object.keys(wanted).filter((name) => String(found[name]) !== String(wanted[name]))
    if (other.length === 0) return found.id
    throw new ReplayFailure(`${path}/${found.id} is not as the replay needs it: ${other.join(', ')}`)
  }
  const answer = await send({ method: 'POST', path, key: randomUUID(), body: wanted })
  if (answer.status === 201) return (answer.body as Rule).id
  throw new ReplayFailure(`POST ${path}: ${problemOf(answer)}`)
}

async function listAll(send: Rest['send'], path: string): Promise<readonly Rule[]> {
  const rules: Rule[] = []
  for (let cursor: string | null = ''; cursor !== null;) {
    const after: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`
    const answer = await send({ method: 'GET', path: `${path}?limit=100${after}` })
    if (answer.status !== 200) throw new ReplayFailure(`GET ${path}: ${problemOf(answer)}`)
    const page = answer.body as { readonly data: readonly Rule[]; readonly nextCursor: string | null }
    rules.push(...page.data)
    cursor = page.nextCursor
  }
  return rules
}
