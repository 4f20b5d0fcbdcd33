import { Pool } from 'undici'
import { type Test } from 'tap'
import { eventually } from '../../platform/testing/eventually.ts'

export type Answer<Body = Record<string, unknown>> = {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Body
}

export type RequestOptions = {
  readonly token?: string | undefined
  readonly body?: unknown
  /** This is sent unchanged instead of `body`. */
  readonly rawBody?: string | Buffer
  readonly headers?: Readonly<Record<string, string>>
}

/** The REST API as a front end calls it. */
export type Api = {
  readonly request: <Body = Record<string, unknown>>(
    method: string,
    path: string,
    options?: RequestOptions,
  ) => Promise<Answer<Body>>
  readonly logIn: (email: string, password: string) => Promise<string>
  /** Registers and logs in. */
  readonly newCustomer: () => Promise<string>
}

export type OrderBody = {
  readonly id: string
  readonly status: string
  readonly total: number
  readonly items: readonly {
    readonly lineId: string
    readonly productId: string
    readonly quantity: number
  }[]
  readonly history: readonly { readonly status: string; readonly reason?: string }[]
}

export type ProductBody = {
  readonly id: string
  readonly sku: string
  readonly price: number
  readonly stock: number
}

let customers = 0

export function openApi(t: Test, url: string): Api {
  const pool = new Pool(url, { connections: 64 })
  t.teardown(() => pool.destroy())

  async function request<Body>(
    method: string,
    path: string,
    options: RequestOptions = {},
  ): Promise<Answer<Body>> {
    const { token, body, rawBody, headers } = options
    const hasBody = body !== undefined || rawBody !== undefined
    const response = await pool.request({
      method,
      path,
      headers: {
        ...(token ? { authorization: `Bearer ${token}` } : {}),
        ...(hasBody ? { 'content-type': 'application/json' } : {}),
        ...headers,
      },
      body: rawBody ?? (body === undefined ? null : JSON.stringify(body)),
    })
    const text = await response.body.text()
    return {
      status: response.statusCode,
      headers: response.headers,
      body: (text ? JSON.parse(text) : {}) as Body,
    }
  }

  /** Tries again as a client does, because on a busy machine the gateway may refuse a login for a moment. */
  const untilTaken = <Body>(path: string, body: object): Promise<Answer<Body>> =>
    eventually(`POST ${path} is taken`, async () => {
      const answer = await request<Body>('POST', path, { body })
      return answer.status !== 503 && answer
    })

  async function logIn(email: string, password: string): Promise<string> {
    return (await untilTaken<{ accessToken: string }>('/users/login', { email, password })).body.accessToken
  }

  return {
    request,
    logIn,
    async newCustomer() {
      const name = `buyer${process.pid}x${++customers}`
      const account = { username: name, email: `${name}@example.com`, password: 'a-long-password' }
      await untilTaken('/users/register', account)
      return logIn(account.email, account.password)
    },
  }
}
