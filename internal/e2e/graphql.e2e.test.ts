import t from 'tap'
import { graphqlSuite } from './testing/graphql-suite.ts'
import { openOneProcess } from './testing/shop.ts'

// What may be asked is in internal/gateway/graphql, and who may ask it in authorization.e2e.test.ts.

t.setTimeout(240_000)
await graphqlSuite(t, await openOneProcess(t))
