import { execute } from '../../internal/local/system.ts'
import { openEngineApi, type EngineApi } from './engine-api.ts'

export type Engine = {
  readonly api: EngineApi
  /** `docker compose`, or the docker-compose that came before it. */
  readonly compose: readonly [command: string, ...args: string[]]
  /** Who answers, in words. */
  readonly name: string
}

/** There is nothing to run containers with; the message says what is missing. */
export class NoEngine extends Error {}

const commands = [['docker', 'compose'], ['docker-compose']] as const

export async function findEngine(address: string): Promise<Engine> {
  const api = openEngineApi(address)
  try {
    const { Version, Components } = await api
      .get<{ readonly Version: string; readonly Components?: readonly { readonly Name: string }[] }>(
        '/version',
      )
      .catch((err: unknown) => {
        throw new NoEngine(`no container engine answers at ${address} (DOCKER_HOST): ${String(err)}`)
      })
    const compose = await findCompose()
    return { api, compose, name: `${Components?.[0]?.Name ?? 'engine'} ${Version}, ${compose.join(' ')}` }
  } catch (err) {
    await api.close()
    throw err
  }
}

async function findCompose(): Promise<Engine['compose']> {
  for (const [command, ...args] of commands) {
    const isThere = await execute(command, [...args, 'version']).then(
      () => true,
      () => false,
    )
    if (isThere) return [command, ...args]
  }
  throw new NoEngine('neither `docker compose` nor docker-compose can be run')
}
