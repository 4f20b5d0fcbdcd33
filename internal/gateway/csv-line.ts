/** A line as RFC 4180 has it. A cell that begins or ends with a blank is quoted too, because some programs trim others. */
export const csvLine = (cells: readonly string[]): string => `${cells.map(cell).join(',')}\r\n`

const cell = (text: string): string =>
  /["\r\n,;\t]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
