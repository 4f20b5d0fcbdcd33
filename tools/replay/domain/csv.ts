export type Csv = {
  readonly header: readonly string[]
  /** Every record has the header's columns as its keys. */
  readonly rows: readonly Readonly<Record<string, string>>[]
  /** The line of the file where each record begins; the header is line 1. */
  readonly lineNumbers: readonly number[]
}

/** RFC 4180: quoted fields, doubled quotes, any line end. Empty lines are no records. */
export function parseCsv(text: string): Csv {
  const [{ fields: names } = { fields: [] }, ...records] = parseRecords(text)
  const header = names.map((name) => name.trim())
  return {
    header,
    rows: records.map(({ fields }) =>
      Object.fromEntries(header.map((column, index) => [column, fields[index] ?? ''])),
    ),
    lineNumbers: records.map(({ line }) => line),
  }
}

type Parsed = { readonly fields: readonly string[]; readonly line: number }

function parseRecords(text: string): readonly Parsed[] {
  // One token is a field and what ends it; sticky, so that what is no field cannot be skipped.
  const token = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|\n|\r|$)/y
  const records: Parsed[] = []
  let fields: string[] = []
  let [line, startLine] = [1, 1]
  const endRecord = (): void => {
    if (fields.length > 1 || fields[0] !== '') records.push({ fields, line: startLine })
    fields = []
    startLine = line
  }
  token.lastIndex = text.startsWith('\uFEFF') ? 1 : 0
  while (token.lastIndex < text.length) {
    const start = token.lastIndex
    const [, quoted, plain = '', end] = token.exec(text) ?? []
    if (end === undefined) throw new RangeError(`not CSV at character ${start}, line ${line}`)
    fields.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'))
    line += quoted?.match(/\r\n|\n|\r/g)?.length ?? 0
    if (end === ',') continue
    line++
    endRecord()
  }
  if (fields.length > 0) {
    fields.push('') // the file ends with a comma
    endRecord()
  }
  return records
}
