import type { Caller } from '../../platform/callers/access.ts'
import { callerAt, type CallerTokens } from '../caller-at.ts'
import type { Endpoint } from '../endpoint.ts'
import { graphqlLimits } from '../limits.ts'
import type { AdmittedCall } from '../overload/limit-work.ts'
import type { Thing } from '../shared-answers.ts'
import { countSize, type Count } from './answer-size.ts'
import { inputReader } from './input.ts'
import { loadTogether, type Load } from './load.ts'
import type { Ask, Link } from './part.ts'

/** What the fields of one answer share. */
export type Asking = {
  readonly ask: Ask
  readonly load: (link: Link, key: string) => Promise<unknown>
  readonly count: Count
  /** What the answer shows so far, of answers that are the same for everybody. */
  readonly shown: Thing[]
}

export type Asker = {
  readonly caller: Caller
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
}

export type Operations = {
  readonly find: (operation: string) => Endpoint
  readonly openAsking: (asker: Asker) => Asking
}

/** The endpoints of REST, asked as REST asks them: the same callers, the same input, the same answers. */
export function operationsOf(table: readonly Endpoint[], tokens: CallerTokens): Operations {
  const byId = new Map(table.map((endpoint) => [endpoint.id, endpoint]))
  const readInput = inputReader()

  function find(operation: string): Endpoint {
    const endpoint = byId.get(operation)
    if (endpoint?.method !== 'GET') throw new Error(`there is nothing to read that is called ${operation}`)
    return endpoint
  }

  function openAsking({ caller, headers }: Asker): Asking {
    const shown: Thing[] = []
    const loads = new Map<Link['read'], Load>()
    const admitted = (endpoint: Endpoint): { readonly known: Caller; readonly call: AdmittedCall } => {
      const known = callerAt(endpoint, caller, { headers }, tokens)
      return { known, call: { admission: endpoint.admission ?? 'others', ...known.call } }
    }

    async function ask(operation: string, asked = {}): Promise<unknown> {
      const endpoint = find(operation)
      const { known, call } = admitted(endpoint)
      const { params, query } = readInput(endpoint, asked)
      const input = { params, query, headers, body: undefined, idempotencyKey: '' }
      const answer = await endpoint.handle(input, call, known.identity)
      if ('json' in answer) return JSON.parse(answer.json.toString())
      if (endpoint.shows) shown.push(...endpoint.shows(answer.body, query))
      return answer.body
    }

    function loadOf(link: Link): Load {
      const endpoint = find(link.like)
      return loadTogether({
        ...{
          none: link.none,
          maxKeys: graphqlLimits.linkKeys,
          keysPerQuestion: graphqlLimits.keysPerQuestion,
        },
        async read(keys) {
          const found = await link.read(keys, admitted(endpoint).call)
          if (endpoint.shows) for (const value of found.values()) shown.push(...endpoint.shows(value, {}))
          return found
        },
      })
    }

    async function load(link: Link, key: string): Promise<unknown> {
      const known = loads.get(link.read) ?? loadOf(link)
      loads.set(link.read, known)
      return known(key)
    }

    return { ask, load, shown, count: countSize(graphqlLimits.answerSize) }
  }

  return { find, openAsking }
}
