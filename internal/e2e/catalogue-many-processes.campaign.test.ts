import t from 'tap'
import { graphqlSuite } from './testing/graphql-suite.ts'
import { importSuite } from './testing/import-suite.ts'
import { openManyAtSandbox } from './testing/sandbox.ts'

// A process for each service, each of which may ask what the broker lets it ask.

t.setTimeout(600_000)
const { shop } = await openManyAtSandbox(t)
await graphqlSuite(t, shop)
importSuite(t, shop)
