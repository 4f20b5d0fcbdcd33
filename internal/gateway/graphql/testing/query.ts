import type { Request, TestGateway } from '../../testing/test-gateway.ts'

export type Told = {
  readonly message: string
  readonly path?: readonly (string | number)[]
  readonly extensions: { readonly code: string; readonly status: number }
}

export type Answer = {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly data?: Readonly<Record<string, unknown>> | null
  readonly errors?: readonly Told[]
  /** Of a problem. */
  readonly code?: string
}

/** Sends a query to a gateway without a socket. */
export function querying({ send }: Pick<TestGateway, 'send'>) {
  return async (query: string | undefined, request: Request = {}, more: object = {}): Promise<Answer> => {
    const { statusCode, headers, body } = await send('POST /graphql', {
      ...request,
      body: { query, ...more },
    })
    return { status: statusCode, headers, ...(JSON.parse(body) as Omit<Answer, 'status' | 'headers'>) }
  }
}

export const codesOf = ({ errors = [] }: Answer): readonly string[] =>
  errors.map(({ extensions }) => extensions.code)
