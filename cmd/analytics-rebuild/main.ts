import { rebuildAnalytics } from '../../internal/analytics/rebuild-service.ts'
import { loadConfig } from '../../internal/config/config.ts'
import { databaseOfStack, runRebuild } from '../rebuild-command.ts'

const usage = `usage: npm run analytics:rebuild

Makes the sums of the figures (GET /admin/analytics) anew of all that was told of what happened: in the database of
DATABASE_URL or ANALYTICS_DATABASE_URL, or else in that of the stack that \`npm start\` runs. They come out the same. Services
may run meanwhile: figures can be read, and what happens waits and is counted afterwards.
Exit code 1: it could not be done, and the sums are as they were. 2: it could not begin.`

await runRebuild({
  usage,
  failed: 'The sums could not be made anew',
  async rebuild(show) {
    const { databases, local } = loadConfig()
    const url = databases.analytics || (await databaseOfStack('analytics', databases, local.dataDir))
    const counts = await rebuildAnalytics(url, (done, days, made) =>
      show(`day ${done} of ${days} · ${made} sums`),
    )
    return `${counts} sums made`
  },
})
