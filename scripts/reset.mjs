// npm run reset: deletes DATA_DIR with the local stack's database and streams. It does not stop a running stack.
import { rm } from 'node:fs/promises'
import path from 'node:path'
import { root } from './root.mjs'
import { loadTypeScript } from './run.mjs'
import { setup } from './setup.mjs'
import { fail, Failure, step } from './steps.mjs'

try {
  process.chdir(root)
  await setup()
  await loadTypeScript()
  const { loadConfig } = await import('../internal/config/config.ts')
  const { lockHolder } = await import('../internal/local/data-lock.ts')
  const { removePostgres } = await import('../internal/local/postgres-home.ts')
  const { dataDir } = loadConfig()
  const holder = await lockHolder(dataDir)
  if (holder !== undefined)
    throw new Failure(`the stack (process ${holder}) is running on ${dataDir}: stop it first`)
  if (path.relative(dataDir, root) === '' || !path.relative(path.resolve(dataDir), root).startsWith('..')) {
    throw new Failure(`DATA_DIR ${dataDir} holds this checkout; it is not deleted`)
  }
  await step(`deleting ${dataDir}`, async () => {
    await removePostgres(dataDir)
    await rm(dataDir, { recursive: true, force: true })
  })
} catch (err) {
  fail(err.name === 'ConfigError' ? new Failure(err.message) : err)
}
