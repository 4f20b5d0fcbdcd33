import { flag, whole } from '../shared/options.ts'
import { readCommandLine } from '../shared/usage.ts'

const command = {
  forms: ['npm run test:compose [-- OPTIONS]'],
  about:
    'Builds the image and runs docker-compose.yml as a project of its own, with two containers of order and of consumer. While ' +
    'customers order through the published port it kills each container, restarts each service in turn, and scales. Then it ' +
    'holds every answer that a customer was given against the database, buys once through a checkout with a card at the ' +
    "sandbox's container, audits in a container, and looks that all containers " +
    'are healthy, that nothing in them runs as root, and how large the image is. It takes about ten minutes and removes what ' +
    "it has started. Docker's engine, or podman's with its socket, is found by DOCKER_HOST; where none answers, the test is " +
    'skipped and says so.',
  options: {
    rate: whole({
      ...{ from: 1, to: 1_000, otherwise: 40 },
      help: 'orders per second at the most; it changes between a third of that and all',
    }),
    'no-build': flag('uses the image "tillstream" that is there'),
  },
  after:
    'Exit code 1: something was lost, doubled or oversold, or another of these expectations was not met; what is known of it is kept.',
}

export type Usage = { readonly rate: number; readonly isBuilt: boolean }

/** A text: the help, which was asked for. */
export function parseUsage(args: readonly string[]): Usage | string {
  const said = readCommandLine(command, args)
  if (typeof said === 'string') return said
  const { rate, 'no-build': isBuilt } = said.values
  return { rate, isBuilt }
}
