import type { DescMessage, Message, MessageJsonType, MessageShape } from '@bufbuild/protobuf'

/**
 * A message of proto/ as the plain object that is sent (ProtoJSON): int64 is a string, a time is RFC 3339. We always
 * write every field that is not `optional`, so such a field is required here, unlike in the generated JSON types.
 */
export type Wire<Desc extends DescMessage> = Complete<MessageShape<Desc>, MessageJsonType<Desc>>

type Complete<Shape, Json> = Json extends string | number | boolean | null
  ? Json
  : Json extends readonly (infer JsonItem)[]
    ? Shape extends readonly (infer ShapeItem)[]
      ? readonly Complete<ShapeItem, JsonItem>[]
      : never
    : string extends keyof Json // google.protobuf.Struct: any object
      ? Readonly<Record<string, unknown>>
      : CompleteFields<Shape, Json>

type CompleteFields<Shape, Json> = {
  readonly [Key in keyof Json & keyof Shape as IsOptional<Shape, Key> extends true ? never : Key]-?: Complete<
    NonNullable<Shape[Key]>,
    NonNullable<Json[Key]>
  >
} & {
  readonly [Key in keyof Json & keyof Shape as IsOptional<Shape, Key> extends true ? Key : never]?:
    Complete<NonNullable<Shape[Key]>, NonNullable<Json[Key]>> | undefined
}

/** Only scalars that are `optional` in proto/ may be absent. A nested message is always present. */
type IsOptional<Shape, Key extends keyof Shape> = undefined extends Shape[Key]
  ? NonNullable<Shape[Key]> extends Message
    ? false
    : true
  : false
