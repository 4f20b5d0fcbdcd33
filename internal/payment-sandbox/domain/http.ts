/** A request as the core sees it. `path` has no query, and `headers` are in lower case. */
export type HttpRequest = {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: string
}

export type HttpAnswer = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export const json = (status: number, value: unknown): HttpAnswer => ({
  status,
  headers: { 'content-type': 'application/json; charset=utf-8' },
  body: JSON.stringify(value),
})

/** Finds the handler of a method and path. A part of a pattern that begins with a colon takes any one part. */
export function route<Handler>(
  routes: Readonly<Record<string, Handler>>,
  method: string,
  path: string,
): { readonly handler: Handler; readonly part: string } | undefined {
  const parts = path.split('/')
  for (const [pattern, handler] of Object.entries(routes)) {
    const [wantedMethod, wantedPath = ''] = pattern.split(' ')
    const wanted = wantedPath.split('/')
    if (wantedMethod !== method || wanted.length !== parts.length) continue
    const isMatch = wanted.every((one, index) => one.startsWith(':') || one === parts[index])
    if (isMatch) return { handler, part: parts[wanted.findIndex((one) => one.startsWith(':'))] ?? '' }
  }
  return undefined
}
