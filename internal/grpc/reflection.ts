import { clone, toBinary, type DescFile, type DescMethod, type DescService } from '@bufbuild/protobuf'
import { FileDescriptorProtoSchema, type FileDescriptorProto } from '@bufbuild/protobuf/wkt'
import { ReflectionService } from '@grpc/reflection'
import type { Server } from '@grpc/grpc-js'
import { file_outside_v1_outside } from '../gen/outside/v1/outside_pb.ts'

/** Lets clients ask for the contract as it is for callers outside: our own methods and options are left out. */
export function serveReflection(server: Server, contract: DescService, served: readonly DescMethod[]): void {
  const methods = new Set(served.map(({ name }) => name))
  const files = filesOf(contract.file).map((file) => {
    const proto = clone(FileDescriptorProtoSchema, file.proto)
    if (file === contract.file) keepOnly(proto, contract.name, methods)
    return Buffer.from(toBinary(FileDescriptorProtoSchema, withoutOptions(proto)))
  })
  // The service reads nothing else of a package's definition.
  const definition = { format: '', type: {}, fileDescriptorProtos: files }
  const named = { [contract.typeName]: definition } as unknown as ConstructorParameters<
    typeof ReflectionService
  >[0]
  new ReflectionService(named, { services: [contract.typeName] }).addToServer(server)
}

/** The file and all that it imports, each once. */
function filesOf(file: DescFile, found = new Set<DescFile>()): readonly DescFile[] {
  if (!isOptions(file.proto.name) && !found.has(file)) {
    found.add(file)
    for (const imported of file.dependencies) filesOf(imported, found)
  }
  return [...found]
}

function keepOnly(proto: FileDescriptorProto, service: string, methods: ReadonlySet<string>): void {
  for (const each of proto.service)
    each.method = each.name === service ? each.method.filter(({ name }) => methods.has(name)) : []
}

/** What declares our options is not there, so nothing may refer to it. */
function withoutOptions(proto: FileDescriptorProto): FileDescriptorProto {
  proto.dependency = proto.dependency.filter((name) => !isOptions(name))
  delete proto.options
  for (const { method } of proto.service) for (const each of method) delete each.options
  return proto
}

/** Whose methods are for whom is of no use to a client: it learns that by calling. */
const isOptions = (name: string): boolean => name === file_outside_v1_outside.proto.name
