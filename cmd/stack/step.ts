import type { Step } from '../../internal/local/setup-error.ts'

/** Prints one line for each step, with the time that it took. */
export const step: Step = async (name, work) => {
  const startedAt = performance.now()
  process.stdout.write(`  ${name} …`)
  try {
    const result = await work()
    process.stdout.write(` ${((performance.now() - startedAt) / 1_000).toFixed(1)} s\n`)
    return result
  } catch (err) {
    process.stdout.write(' failed\n')
    throw err
  }
}
