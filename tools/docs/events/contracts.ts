import {
  createFileRegistry,
  getOption,
  fromBinary,
  type DescField,
  type DescFile,
  type DescMessage,
} from '@bufbuild/protobuf'
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt'
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { subject as subjectOption } from '../../../internal/gen/platform/v1/event_pb.ts'
import { eventType } from '../../../internal/platform/event.ts'
import { familyOf, streamOf } from '../../../internal/platform/streams.ts'
import { bufCli, bufEnv } from '../../../scripts/generate.mjs'
import { root } from '../../../scripts/root.mjs'

/** A message of proto/ that has a subject. */
export type EventContract = {
  readonly message: DescMessage
  /** order.created */
  readonly subject: string
  readonly stream: string
  /** tillstream.order.created.v1 */
  readonly type: string
  readonly source: string
  readonly comment: string
}

/** By the streams' order, then as the contracts have them. */
export async function readEvents(): Promise<readonly EventContract[]> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [bufCli, 'build', '-o', '-', '--as-file-descriptor-set'],
    { cwd: root, env: bufEnv, encoding: 'buffer', maxBuffer: 64 * 1_024 * 1_024 },
  )
  const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, stdout))
  return [...registry.files]
    .flatMap((file) => file.messages.filter((message) => getOption(message, subjectOption) !== ''))
    .map(eventOf)
    .sort((a, b) => a.stream.localeCompare(b.stream))
}

function eventOf(message: DescMessage): EventContract {
  const subject = getOption(message, subjectOption)
  const stream = streamOf(subject)
  return {
    message,
    subject,
    stream,
    type: eventType(message).type,
    source: `/tillstream/${familyOf(stream)}`,
    comment: commentOf(message),
  }
}

/** What stands right before it in the contract, in one line. */
export function commentOf(desc: DescMessage | DescField): string {
  const file: DescFile = desc.kind === 'message' ? desc.file : desc.parent.file
  const path = pathOf(desc).join()
  const location = file.proto.sourceCodeInfo?.location.find((candidate) => candidate.path.join() === path)
  return (location?.leadingComments ?? '').trim().replace(/\s*\n\s*/g, ' ')
}

/** As descriptor.proto numbers them: message_type is 4 of a file, field is 2 of a message. */
function pathOf(desc: DescMessage | DescField): readonly number[] {
  if (desc.kind === 'field') return [...pathOf(desc.parent), 2, desc.parent.proto.field.indexOf(desc.proto)]
  return [4, desc.file.proto.messageType.indexOf(desc.proto)]
}
