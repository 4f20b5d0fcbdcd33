import { Button } from '@mantine/core'
import { useInfiniteQuery, type InfiniteData, type Query, type QueryKey } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { Page } from 'tillstream-sdk'
import { useTexts } from '../texts/texts.ts'
import { EntryTable, type Column } from './entry-table.tsx'
import { Empty, Fault, Loading } from './notices.tsx'

export type CursorQuery = { readonly limit: number; readonly cursor?: string }

type PagedOptions<Row> = {
  readonly queryKey: QueryKey
  readonly ask: (query: CursorQuery, signal: AbortSignal) => Promise<Page<Row>>
}

const pageSize = 50
const againMs = 15_000
/** A longer list is not asked for again by itself: each of its pages would be a request. */
const mostPagesAgain = 2

const pagesOf = ({ state }: Query): number =>
  (state.data as InfiniteData<unknown> | undefined)?.pages.length ?? 0

/** Whether such a list may be asked for again without the reader's doing. */
export const isShort = (query: Query): boolean => pagesOf(query) <= mostPagesAgain

export function usePaged<Row>({ queryKey, ask }: PagedOptions<Row>) {
  return useInfiniteQuery({
    queryKey: [...queryKey, 'pages'],
    queryFn: ({ pageParam, signal }) =>
      ask({ limit: pageSize, ...(pageParam === '' ? {} : { cursor: pageParam }) }, signal),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor,
    refetchInterval: ({ state }) => ((state.data?.pages.length ?? 0) <= mostPagesAgain ? againMs : false),
  })
}

type PagedTableProps<Row> = PagedOptions<Row> & {
  readonly caption: string
  readonly columns: readonly Column<Row>[]
  readonly keyOf: (row: Row) => string
  readonly empty: ReactNode
}

/** A list of the API, page by page as the reader goes on. */
export function PagedTable<Row>({ queryKey, ask, caption, columns, keyOf, empty }: PagedTableProps<Row>) {
  const texts = useTexts()
  const list = usePaged({ queryKey, ask })
  if (!list.data) {
    if (list.isError) return <Fault err={list.error} onAgain={() => void list.refetch()} />
    return <Loading lines={8} />
  }
  const rows = list.data.pages.flatMap(({ data }) => data)
  if (rows.length === 0) return <Empty>{empty}</Empty>
  const more = (): void => void (list.isFetchingNextPage || list.isError ? undefined : list.fetchNextPage())
  return (
    <>
      <EntryTable {...{ caption, columns, rows, keyOf }} hasMore={list.hasNextPage} onEnd={more} />
      {list.hasNextPage ? (
        <Button
          className="more"
          variant="default"
          loading={list.isFetchingNextPage}
          onClick={() => void list.fetchNextPage()}
        >
          {texts.more}
        </Button>
      ) : null}
    </>
  )
}
