import { loadConfig } from '../../internal/config/config.ts'
import { indexServerOf } from '../../internal/platform/search-settings.ts'
import { rebuildSearch, type RebuildOptions } from '../../internal/search/rebuild-service.ts'
import { databaseOfStack, runRebuild } from '../rebuild-command.ts'

const usage = `usage: npm run search:rebuild

Has the search index made anew of the catalogue: by the search service that runs, which begins within SEARCH_CHECK_INTERVAL_MS.
The index is that of SEARCH_URL, or else in the database of DATABASE_URL or SEARCH_DATABASE_URL, or in that of the stack that
\`npm start\` runs. It may be done at any time: searches are answered meanwhile, and what changes is found as always.
Exit code 1: it was not done. 2: it could not begin.`

/** The service may be busy with a large comparison. */
const leastPatienceMs = 60_000

await runRebuild({
  usage,
  failed: 'The search index was not made anew',
  async rebuild(show) {
    const products = await rebuildSearch(await findIndex(), (done, all) => show(`${done} of ${all} products`))
    return `${products} products indexed`
  },
})

/** Settings of the environment come first. The running stack provides the database. */
async function findIndex(): Promise<RebuildOptions> {
  const { databases, services, local } = loadConfig()
  // The search service declares them.
  const own = services.search as unknown as Parameters<typeof indexServerOf>[0] & {
    readonly checkIntervalMs: number
  }
  const [server, patienceMs] = [indexServerOf(own), Math.max(leastPatienceMs, 3 * own.checkIntervalMs)]
  const known = databases.search ?? ''
  const databaseUrl =
    server || known !== '' ? known : await databaseOfStack('search', databases, local.dataDir)
  return { databaseUrl, server, patienceMs }
}
