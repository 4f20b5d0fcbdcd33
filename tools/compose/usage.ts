import { parseArgs } from 'node:util'
import { UsageError } from '../shared/tool.ts'

export const usage = `usage: npm run test:compose [-- OPTIONS]

Builds the image and runs docker-compose.yml as a project of its own, with two of order and consumer. While customers order
through the published port it kills each container, restarts each service in turn, and scales. Then it holds every answer that a
customer was given against the database, audits in a container, and looks that all containers are healthy, that nothing in them
runs as root, and how large the image is. It takes about ten minutes and removes what it has started.
  --rate 40     orders per second at the most; it changes between a third of that and all
  --no-build    with the image "tillstream" that is there
Docker's engine, or podman's with its socket, is found by DOCKER_HOST. Where none answers the test is skipped, and says so.
Exit code 1: something was lost, doubled or oversold, or another of these expectations was not met; what is known of it is kept.`

export type Usage = { readonly rate: number; readonly isBuilt: boolean }

/** A text: what to show instead of a run. */
export function parseUsage(args: readonly string[]): Usage | string {
  const { help = false, rate = '40', 'no-build': isBuilt = false } = parse(args)
  if (help) return usage
  const value = /^\d{1,4}$/.test(rate) ? Number(rate) : NaN
  if (!(value >= 1 && value <= 1_000)) throw wrong('--rate must be a whole number from 1 to 1000')
  return { rate: value, isBuilt }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        rate: { type: 'string' },
        'no-build': { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values
  } catch (err) {
    throw wrong((err as Error).message) // parseArgs throws nothing but errors of its own
  }
}

const wrong = (message: string): UsageError => new UsageError(`${message}\n${usage}`)
