import { useWindowVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useLayoutEffect, useRef, useState, type ReactNode, type RefObject } from 'react'

export type Column<Row> = {
  readonly name: string
  readonly label: string
  readonly show: (row: Row) => ReactNode
  readonly isNumber?: boolean
}

type EntryTableProps<Row> = {
  readonly caption: string
  /** The first one says what the row is about, and leads to it. */
  readonly columns: readonly Column<Row>[]
  readonly rows: readonly Row[]
  readonly keyOf: (row: Row) => string
  readonly hasMore?: boolean
  /** Is asked for more rows when the reader comes near the end. */
  readonly onEnd?: () => void
}

const usualRowPx = 49
const rowsAhead = 10
/** So many rows are all in the page. */
const shortTable = 60

/** A table that has only those of its rows in the page that are in sight, so it may be as long as it likes. */
export function EntryTable<Row>({ caption, columns, rows, keyOf, hasMore, onEnd }: EntryTableProps<Row>) {
  const body = useRef<HTMLTableSectionElement>(null)
  const virtual = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => usualRowPx,
    overscan: rows.length <= shortTable ? shortTable : rowsAhead,
    scrollMargin: useDistance(body),
    getItemKey: (index) => keyOf(rows[index] as Row), // there are `count` rows
  })
  const shown = virtual.getVirtualItems()
  const last = shown.at(-1)?.index ?? 0
  useEffect(() => {
    if (hasMore && last >= rows.length - rowsAhead) onEnd?.()
  }, [hasMore, last, rows.length, onEnd])
  const above = (shown[0]?.start ?? 0) - virtual.options.scrollMargin
  const below = virtual.getTotalSize() - ((shown.at(-1)?.end ?? 0) - virtual.options.scrollMargin)
  return (
    <table className="entries" aria-rowcount={hasMore ? -1 : rows.length + 1}>
      <caption className="sr-only">{caption}</caption>
      <thead>
        <tr aria-rowindex={1}>
          {columns.map(({ name, label, isNumber }) => (
            <th key={name} scope="col" data-column={name} data-number={isNumber === true ? true : undefined}>
              {label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody ref={body}>
        <Gap px={above} columns={columns.length} />
        {shown.map(({ index, key }) => (
          <tr key={key} ref={virtual.measureElement} data-index={index} aria-rowindex={index + 2}>
            <Cells columns={columns} row={rows[index] as Row} />
          </tr>
        ))}
        <Gap px={below} columns={columns.length} />
      </tbody>
    </table>
  )
}

/** From the top of the page to the rows. What is above them may grow. */
function useDistance(rows: RefObject<HTMLElement | null>): number {
  const [px, setPx] = useState(0)
  useLayoutEffect(() => {
    if (rows.current) setPx(Math.round(rows.current.getBoundingClientRect().top + scrollY))
  })
  return px
}

function Cells<Row>({ columns, row }: { readonly columns: readonly Column<Row>[]; readonly row: Row }) {
  return columns.map(({ name, label, isNumber, show }, index) =>
    index === 0 ? (
      <th key={name} scope="row">
        {show(row)}
      </th>
    ) : (
      <td key={name} data-label={label} data-number={isNumber === true ? true : undefined}>
        {show(row)}
      </td>
    ),
  )
}

function Gap({ px, columns }: { readonly px: number; readonly columns: number }) {
  if (px <= 0) return null
  return (
    <tr className="gap" aria-hidden="true">
      <td colSpan={columns} style={{ height: px }} />
    </tr>
  )
}
