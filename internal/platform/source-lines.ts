import { readFileSync } from 'node:fs'
import { SourceMap, type SourceMapPayload } from 'node:module'
import { fileURLToPath } from 'node:url'

/** Its own text is V8's, which the type does not say. */
type Frame = NodeJS.CallSite & { readonly toString: () => string }

type Place = { readonly file: string; readonly line: number; readonly column: number }

/**
 * Makes stack traces of compiled code name the lines of its sources. A map is read when the first error needs it. Node's
 * own way, `--enable-source-maps`, reads those of all modules at the start, also of libraries, and keeps them: 22 to 33 MB
 * of the stack's memory.
 */
export function showSourceLines(): void {
  const maps = new Map<string, SourceMap | undefined>()
  const mapOf = (file: string): SourceMap | undefined => {
    if (!maps.has(file)) maps.set(file, readMap(file))
    return maps.get(file)
  }
  Error.prepareStackTrace = (err, frames) =>
    [headOf(err), ...frames.map((frame) => `    at ${textOf(frame, mapOf)}`)].join('\n')
}

/** What is thrown need not have a text. */
function headOf(err: Error): string {
  try {
    return String(err)
  } catch {
    return 'Error'
  }
}

/** As V8 would write it, but for the place. */
function textOf(frame: Frame, mapOf: (file: string) => SourceMap | undefined): string {
  const text = frame.toString()
  const [file, line, column] = [frame.getFileName(), frame.getLineNumber(), frame.getColumnNumber()]
  if (!file?.startsWith('file:') || file.includes('/node_modules/') || line === null || column === null)
    return text
  const place = sourceOf({ file, line, column }, mapOf)
  return place
    ? text.replace(`${file}:${line}:${column}`, `${place.file}:${place.line}:${place.column}`)
    : text
}

function sourceOf(
  { file, line, column }: Place,
  mapOf: (file: string) => SourceMap | undefined,
): Place | undefined {
  const entry = mapOf(file)?.findEntry(line - 1, column - 1)
  if (!entry || !('originalSource' in entry)) return undefined
  const source = fileURLToPath(new URL(entry.originalSource, file))
  return { file: source, line: entry.originalLine + 1, column: entry.originalColumn + 1 }
}

/** Undefined for a file without a map, such as one that a loader compiles. */
function readMap(file: string): SourceMap | undefined {
  try {
    const payload = JSON.parse(readFileSync(`${fileURLToPath(file)}.map`, 'utf8')) as SourceMapPayload // our compiler's
    return new SourceMap(payload)
  } catch {
    return undefined
  }
}
