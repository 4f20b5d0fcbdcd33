import SerializerSelector from '@fastify/fast-json-stringify-compiler'

type Build = ReturnType<typeof SerializerSelector>
type Compile = ReturnType<Build>
type Serializer = ReturnType<Compile>

const build = SerializerSelector()
/** What was compiled in this process, by the shared schemas' text and then by the schema's. */
const compiled = new Map<string, Map<string, Serializer>>()

/**
 * Schemas with the same text share one serializer: most routes answer the same problems, and to compile takes longer than
 * everything else at the start. Several gateways in one process share them too.
 */
export const rememberSerializers: Build = (sharedSchemas, options) => {
  const compile = build(sharedSchemas, options)
  const textOfShared = JSON.stringify(sharedSchemas)
  const known = compiled.get(textOfShared) ?? new Map<string, Serializer>()
  compiled.set(textOfShared, known)
  return (route) => {
    const text = JSON.stringify(route.schema)
    const serializer = known.get(text) ?? compile(route)
    known.set(text, serializer)
    return serializer
  }
}
