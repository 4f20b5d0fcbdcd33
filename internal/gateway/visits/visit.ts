/** What a request of a person counts as. */
export type VisitKind = 'views' | 'searches' | 'sign-ins'

export type Visit = {
  readonly what: VisitKind
  /** Of views; empty otherwise. */
  readonly productId: string
}
