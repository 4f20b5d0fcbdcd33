import type { Hunt, Mutant } from './mutant.ts'

const folder = 'internal/gateway/graphql'
const drill = (file: string, test: string): Hunt => ({ by: 'drill', file: `${folder}/${file}`, test })
const limits = (test: string): Hunt => drill('query-limits.test.ts', test)
const access = (test: string): Hunt => drill('graphql-access.test.ts', test)
const routes = (test: string): Hunt => drill('graphql-routes.test.ts', test)

/** Rules of GraphQL. */
export const graphqlMutants: readonly Mutant[] = [
  {
    name: 'graphql-judges-nobody',
    rule: 'a field is for whom its route of REST is',
    patches: [
      {
        file: `${folder}/asking.ts`,
        search: 'const known = callerAt(endpoint, caller, { headers }, tokens)',
        replace: "const known = callerAt({ ...endpoint, access: 'anyone' }, caller, { headers }, tokens)",
      },
    ],
    hunt: access('{ me { id } } is for whom /users/me is'),
  },
  {
    name: 'graphql-links-judge-nobody',
    rule: 'what is beside an order is for whom its own route is, not for whoever sees the order',
    patches: [
      {
        file: `${folder}/order-part.ts`,
        search: "like: 'listOrderPayments'",
        replace: "like: 'getOrder'",
      },
    ],
    hunt: access('an API key for orders sees orders without their payments'),
  },
  {
    name: 'graphql-kept-for-the-first',
    rule: 'what is kept for everybody is read as nobody',
    patches: [
      {
        file: `${folder}/answer-query.ts`,
        search: 'deps.openAsking({ ...asker, caller: nobodyIn(asker) })',
        replace: 'deps.openAsking(asker)',
      },
    ],
    hunt: routes('what is the same for everybody is read once, until it changes'),
  },
  {
    name: 'graphql-keeps-what-is-own',
    rule: 'only what is the same for everybody is kept',
    patches: [
      {
        file: `${folder}/open-schema.ts`,
        search: 'if (endpoints.every(({ shows }) => shows !== undefined)) shared.add(name)',
        replace: 'if (endpoints.length > 0) shared.add(name)',
      },
    ],
    hunt: routes('what is the same for everybody is read once, until it changes'),
  },
  {
    name: 'graphql-kept-whatever-changes',
    rule: 'a kept answer goes when something changes that it shows',
    patches: [
      {
        file: `${folder}/answer-query.ts`,
        search: 'shows: asking.shown }',
        replace: 'shows: [] }',
      },
    ],
    hunt: routes('what is the same for everybody is read once, until it changes'),
  },
  {
    name: 'graphql-asks-one-by-one',
    rule: 'a long page asks as often as a short one',
    patches: [
      {
        file: `${folder}/load.ts`,
        search:
          '    reading ??= readWaiting()\n    const value = reading.then((found) => found.get(key) ?? none)',
        replace: '    const value = read([key]).then((found) => found.get(key) ?? none)',
      },
    ],
    hunt: routes('a long page of orders asks as often as a short one'),
  },
  {
    name: 'graphql-any-depth',
    rule: 'a query that lies too deep is refused',
    patches: [
      {
        file: `${folder}/prepare.ts`,
        search: 'if (depth > graphqlLimits.depth)',
        replace: 'if (depth > 1_000)',
      },
    ],
    hunt: limits('fields that lie too deep is refused with graphql.too-deep'),
  },
  {
    name: 'graphql-fragments-are-flat',
    rule: 'the depth of a fragment is that of the query',
    patches: [
      {
        file: `${folder}/shape.ts`,
        search: 'add(ofFragment(each.name.value), 0)',
        replace: 'ofFragment(each.name.value)',
      },
    ],
    hunt: limits('the same in a fragment is refused with graphql.too-deep'),
  },
  {
    name: 'graphql-any-aliases',
    rule: 'a field cannot be asked for again and again under other names',
    patches: [
      {
        file: `${folder}/prepare.ts`,
        search: 'if (aliases > graphqlLimits.aliases)',
        replace: 'if (aliases > 1_000_000_000)',
      },
    ],
    hunt: limits('too many aliases is refused with graphql.too-many-aliases'),
  },
  {
    name: 'graphql-any-cost',
    rule: 'a query that may have too large an answer is refused before anybody is asked',
    patches: [
      {
        file: `${folder}/answer-query.ts`,
        search: 'if (cost > graphqlLimits.cost) throw tooCostly(cost)',
        replace: 'if (cost < 0) throw tooCostly(cost)',
      },
    ],
    hunt: limits('too many orders with all that is theirs is refused with graphql.too-costly'),
  },
  {
    name: 'graphql-negative-pages',
    rule: 'a page of an impossible length does not pay for another',
    patches: [
      {
        file: `${folder}/cost.ts`,
        search: 'Math.max(1, Math.min(length, pageLength.max))',
        replace: 'Math.min(length, pageLength.max)',
      },
    ],
    hunt: limits('the cost follows the length that variables say, and a length below one is not free'),
  },
  {
    name: 'graphql-any-size',
    rule: 'an answer that is larger than it looked is not made',
    patches: [
      {
        file: `${folder}/answer-size.ts`,
        search: '    if (size > limit) throw tooLarge()\n',
        replace: '    if (size < 0) throw tooLarge()\n',
      },
    ],
    hunt: limits('an answer that is larger than it looked is refused, and nothing else is'),
  },
  {
    name: 'graphql-introspects-in-production',
    rule: 'introspection is off in production',
    patches: [
      {
        file: `${folder}/prepare.ts`,
        search: 'if (introspects && !mayIntrospect)',
        replace: 'if (introspects && mayIntrospect === undefined)',
      },
    ],
    hunt: limits('introspection is off in production, and the schema is there anyway'),
  },
  {
    name: 'graphql-any-hash',
    rule: 'a query is known by its own hash only',
    patches: [
      {
        file: `${folder}/documents.ts`,
        search: 'if (isNew && hashOf(query) !== hash)',
        replace: "if (isNew && hash === '')",
      },
    ],
    hunt: drill('persisted-queries.test.ts', 'a hash that is not that of its query is refused'),
  },
  {
    name: 'graphql-hides-outages',
    rule: 'an outage of everything that was asked for is no success',
    patches: [{ file: `${folder}/answer-query.ts`, search: '    refuseOutage(answered)\n', replace: '' }],
    hunt: routes('an outage of everything that was asked for is answered as REST answers it'),
  },
  {
    name: 'orders-together-of-anybody',
    rule: 'payments of several orders are shown of those that the caller may see',
    patches: [
      {
        file: 'internal/order/application/read-orders.ts',
        search: '(order && maySee(order, call, permission) ? [order] : [])',
        replace: '(order ? [order] : [])',
      },
    ],
    hunt: {
      by: 'drill',
      file: 'internal/order/application/orders-together.test.ts',
      test: 'payments too, and they are asked for in one question, or in none',
    },
  },
]
