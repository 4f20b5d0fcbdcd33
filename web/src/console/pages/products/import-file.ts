import { ShopError, type ImportProductsResponses } from 'tillstream-sdk'
import { api } from '../../session.ts'

export type Outcome = ImportProductsResponses[200]

export type Import = {
  readonly csv: string
  readonly dryRun: boolean
  readonly stock: 'opening' | 'count'
}

/** What has become of the rows so far; `progress` is the part of the file that was read, 1 at the end. */
export type Progress = Omit<Outcome, 'errors'> & { readonly progress: number }

type Broken = { readonly code: string; readonly detail: string }

/** The answer comes line by line while rows are done. The last line is the report, or what has ended it. */
export async function importFile(
  { csv, ...query }: Import,
  tell: (progress: Progress) => void,
): Promise<Outcome> {
  const headers = { accept: 'application/x-ndjson' }
  const { data } = await api().importProducts({ body: csv, query, headers, parseAs: 'stream' })
  const lines = data as unknown as ReadableStream<Uint8Array<ArrayBuffer>> // `parseAs` has said so
  for await (const line of linesOf(lines)) {
    const told = JSON.parse(line) as Progress | (Outcome & Progress) | Broken // of our own API
    if ('code' in told)
      throw new ShopError(422, { type: 'about:blank', title: told.code, status: 422, ...told })
    if ('errors' in told) return told
    tell(told)
  }
  throw new Error('the import has broken off')
}

async function* linesOf(stream: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<string> {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader()
  let rest = ''
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    const lines = (rest + value).split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
  if (rest !== '') yield rest
}
