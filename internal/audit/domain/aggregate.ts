/** A kind of thing that has events: an event for each version. */
export type Aggregate = {
  /** The service that owns it. Its events are in the outbox of that service's database. */
  readonly service: string
  /** As in the outbox' `aggregate_type`. */
  readonly type: string
  /**
   * Yields (id, version, created_at, updated_at), in this order. `version` is the one that the last event must have;
   * with 0 there is no event yet.
   */
  readonly sql: string
}
