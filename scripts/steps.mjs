// Progress, one line for each step: `  installing packages … 12.3 s`.
import { stdout } from 'node:process'

/** Runs `work` and shows its name while it runs and its time after; a failure is left to the caller. */
export async function step(name, work) {
  const start = performance.now()
  stdout.write(`  ${name} …`)
  try {
    const result = await work()
    stdout.write(` ${seconds(performance.now() - start)}\n`)
    return result
  } catch (err) {
    stdout.write(' failed\n')
    throw err
  }
}

export function seconds(ms) {
  return ms < 10_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 1000)} s`
}

/** A fault that the user can mend: it is shown as it stands, without a stack. */
export class Failure extends Error {}

/** Ends the process with one clear message for a Failure, and with the stack for a bug. */
export function fail(err) {
  console.error(err instanceof Failure ? `\n${err.message}` : err)
  process.exit(1)
}
