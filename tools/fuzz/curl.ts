import type { FuzzRequest } from './make-request.ts'

/** The request as a line for a shell. A body that is not text is written as bytes. */
export function curlOf(url: URL, { method, target, headers, body }: FuzzRequest): string {
  const given = headers.flatMap(([name, value]) => [
    '-H',
    quoted(value === '' ? `${name};` : `${name}: ${value}`),
  ])
  const sent = body ? ['--data-binary', quoted(body.toString('latin1'))] : []
  return [
    'curl -i --path-as-is -g',
    '-X',
    quoted(method),
    ...given,
    ...sent,
    quoted(`${url.origin}${target}`),
  ].join(' ')
}

/** Quotes for bash: $'…' has escapes for all bytes. */
function quoted(text: string): string {
  if (/^[\w./:=?&{}[\]", +-]*$/.test(text)) return `'${text}'`
  const escaped = text.replace(
    /[^ -&(-[\]-~]/g,
    (one) => `\\x${one.charCodeAt(0).toString(16).padStart(2, '0')}`,
  )
  return `$'${escaped}'`
}
