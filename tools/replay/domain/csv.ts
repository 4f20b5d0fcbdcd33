/** RFC 4180: quoted fields, doubled quotes, CRLF or LF. Every record has the header's columns as its keys. */
export function parseCsv(text: string): readonly Readonly<Record<string, string>>[] {
  const [header = [], ...rows] = parseRows(text)
  return rows.map((row) => Object.fromEntries(header.map((column, index) => [column, row[index] ?? ''])))
}

function parseRows(text: string): readonly (readonly string[])[] {
  // One token is a field and what ends it; sticky, so that what is no field cannot be skipped.
  const token = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/y
  const rows: string[][] = []
  let row: string[] = []
  token.lastIndex = text.startsWith('\uFEFF') ? 1 : 0
  while (token.lastIndex < text.length) {
    const start = token.lastIndex
    const [, quoted, plain = '', end] = token.exec(text) ?? []
    if (end === undefined) throw new RangeError(`not CSV at character ${start}, line ${rows.length + 1}`)
    row.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'))
    if (end === ',') continue
    rows.push(row)
    row = []
  }
  if (row.length > 0) rows.push([...row, '']) // the file ends with a comma
  return rows
}
