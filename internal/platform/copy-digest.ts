import { createHash } from 'node:crypto'

// How two services tell whether one has a copy of what the other has, without sending it: things are put into 256 buckets,
// and of each bucket both tell how many things are in it and what their marks add up to. Each service computes it where its
// things are, in code or in SQL.

/** Which bucket the thing with this UUID is in: the last byte, which is random. */
export const bucketOf = (id: string): number => Number.parseInt(id.slice(-2), 16)

/** The same of a column with a UUID. */
export const bucketSql = (id: string): string => `get_byte(uuid_send(${id}), 15)`

/** A number of 32 bits that stands for a text, such as an id with its version. */
export const markOf = (text: string): number => createHash('md5').update(text).digest().readUInt32BE(0)

/** The same of an expression for a text. */
export const markSql = (text: string): string => `('x' || substr(md5(${text}), 1, 8))::bit(32)::bigint`
