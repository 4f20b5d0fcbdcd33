import { v7 } from 'uuid'

/** A UUIDv7: unique, and ordered by time within a process. */
export const newId = (): string => v7()
