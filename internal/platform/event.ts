import { getOption, type DescFile, type DescMessage } from '@bufbuild/protobuf'
import { subject as subjectOption, version as versionOption } from '../gen/platform/v1/event_pb.ts'

/** A message of proto/ that is published. Its subject and its type come from an option of the message. */
export type EventType<Message extends DescMessage = DescMessage> = {
  readonly message: Message
  /** The subject that it is published on, such as order.created. */
  readonly subject: string
  /** The event's type with its version, such as tillstream.order.created.v1. */
  readonly type: string
  /** The types of its earlier versions. Streams keep events of them for a while, which are read like those of the present one. */
  readonly earlierTypes: readonly string[]
}

export function eventType<Message extends DescMessage>(message: Message): EventType<Message> {
  const subject = getOption(message, subjectOption)
  if (subject === '') throw new Error(`${message.typeName} is not an event: it has no subject`)
  const version = versionOf(message)
  const types = Array.from({ length: version }, (_, index) => `tillstream.${subject}.v${index + 1}`)
  return { message, subject, type: types.at(-1) ?? '', earlierTypes: types.slice(0, -1) }
}

/** The version of an event's type. */
export const versionOf = (message: DescMessage): number => getOption(message, versionOption) || 1

/** All events of one proto file, which may have parts of them as messages of their own. */
export const eventTypesOf = (file: DescFile): readonly EventType[] =>
  file.messages.filter((message) => getOption(message, subjectOption) !== '').map(eventType)
