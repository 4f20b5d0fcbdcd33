// Shows the progress with one line for each step: `  installing packages … 12.3 s`.
import { stdout } from 'node:process'

/** Runs `work`. It shows the name while the work runs and its duration afterwards. The caller handles a failure. */
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

/** An error that the user can fix. Only its message is shown, without a stack. */
export class Failure extends Error {}

/** Ends the process with the message of a Failure, or with the stack of any other error. */
export function fail(err) {
  console.error(err instanceof Failure ? `\n${err.message}` : err)
  process.exit(1)
}
