/** How far an index is that is made anew. */
export type Progress = { readonly done: number; readonly all: number; readonly isOver: boolean }

/** The index as somebody sees it who wants it made anew. The search service does it. */
export type Rebuild = {
  readonly want: () => Promise<void>
  readonly look: () => Promise<Progress>
}
