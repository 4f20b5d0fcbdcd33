// Runs test files in parallel: first those that need a process of their own, and then all others in shared processes.
import { openSharedProcess } from './shared-process.mjs'
import { runTestFile } from './test-file.mjs'

/** A campaign takes minutes, and so may each of its tests. */
const campaignLimits = { timeoutMs: 600_000, env: { TAP_TIMEOUT: '500' } }

export async function runFiles(files, { jobs, env, onResult }) {
  const alone = files.filter(({ isAlone }) => isAlone)
  const sharing = files.filter(({ isAlone }) => !isAlone)
  await Promise.all(
    Array.from({ length: jobs }, async () => {
      for (let file = alone.shift(); file; file = alone.shift()) await onResult(await runAlone(file, env))
      const shared = openSharedProcess(env)
      try {
        for (let file = sharing.shift(); file; file = sharing.shift())
          await onResult(await shared.run(file.name))
      } finally {
        await shared.close()
      }
    }),
  )
}

function runAlone({ name, kind }, env) {
  if (kind !== 'campaign') return runTestFile(name, env)
  return runTestFile(name, { ...env, ...campaignLimits.env }, campaignLimits.timeoutMs)
}
