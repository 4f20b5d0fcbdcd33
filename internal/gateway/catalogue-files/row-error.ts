/** What is wrong with a line. `column` is empty when it is the whole line. */
export type RowError = {
  readonly line: number
  readonly column: string
  readonly code: string
  readonly message: string
}
