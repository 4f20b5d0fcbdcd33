// Runs test files in parallel: first those that need a process of their own, and then all others in shared processes.
// Before them, those that judge speeds run one after the other.
import { openSharedProcess } from './shared-process.mjs'
import { runTestFile } from './test-file.mjs'

/** A campaign takes minutes, and so may each of its tests. */
const campaignLimits = { timeoutMs: 900_000, env: { TAP_TIMEOUT: '850' } }

/** CI has so much time: a campaign that would begin later is left out, and the report says so. Milliseconds since 1970. */
const begunBefore = Number(process.env.CAMPAIGNS_BEGIN_BEFORE) || Infinity

const leftOut = (file) => ({
  ...{ file, ms: 0, passed: 0, failures: [], output: '' },
  skipped: [{ name: file, reason: 'no time was left to begin it' }],
})

export async function runFiles(files, { jobs, env, onResult }) {
  for (const file of files.filter(({ hasMachine }) => hasMachine)) await onResult(await runAlone(file, env))
  const others = files.filter(({ hasMachine }) => !hasMachine)
  const alone = others.filter(({ isAlone }) => isAlone)
  const sharing = others.filter(({ isAlone }) => !isAlone)
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
  if (Date.now() > begunBefore) return leftOut(name)
  return runTestFile(name, { ...env, ...campaignLimits.env }, campaignLimits.timeoutMs)
}
