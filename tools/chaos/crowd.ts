import type { Scope } from '../../internal/platform/run.ts'
import { withClient } from '../shared/database.ts'
import type { Progress } from '../shared/progress.ts'
import type { Random } from '../shared/random.ts'
import { seedUsers } from '../shared/seed.ts'
import { signToken } from '../shared/token.ts'
import { dashboardOf } from './dashboard.ts'
import type { History } from './history.ts'
import type { OpenField } from './open-field.ts'
import { fillShelves } from './shelves.ts'
import { openShopHttp } from './shop-http.ts'
import { openPeople } from './people/people.ts'
import { makeRules } from './shop-rules.ts'
import { openShoppers } from './shoppers.ts'
import type { Ways } from './ways-to-pay.ts'

type Options = Pick<OpenField, 'databaseUrl' | 'jwtSecret' | 'url' | 'provider'> & {
  readonly history: History
  readonly random: Random
  readonly ways: Ways
}

/** Those who order lines, and those who buy through a cart of their own. */
const [customers, members] = [50, 150]

/** Customers and an admin, in front of full shelves. */
export async function openCrowd(scope: Scope, options: Options, progress: Progress) {
  const { databaseUrl, jwtSecret, url, provider, history, random, ways } = options
  const users = await withClient(databaseUrl, (client) => seedUsers(client, customers + members + 1))
  const [admin, ...others] = users.map((id, index) => ({
    id,
    token: signToken(jwtSecret, id, index === 0 ? 'admin' : 'customer'),
  }))
  if (!admin) throw new Error('users were seeded')
  const http = openShopHttp(url)
  scope.onClose('clients', http.close)
  const shelves = await progress.during('filling the shelves', () => fillShelves(http, history, admin.token))
  const rules = await makeRules(http, history, admin.token)
  const till = {
    dashboard: dashboardOf(provider),
    ways,
    rules,
    members: others.slice(customers),
  }
  const crowd = { http, history, random, customers: others.slice(0, customers), admin, shelves, till }
  const [product = ''] = shelves.plenty
  const people = openPeople({ http, random, admin, product })
  return { shoppers: openShoppers(crowd), people, shelves, staff: { http, admin } }
}
