// In a shared process, `import t from 'tap'` in a test file returns the root test of that file.

export async function resolve(specifier, context, nextResolve) {
  const importer = context.parentURL ?? ''
  if (specifier !== 'tap' || !importer.endsWith('.test.ts')) return nextResolve(specifier, context)
  const url = new URL('./file-root.mjs', import.meta.url)
  // The name is encoded, so that tsx does not take the file's extension for that of the module.
  url.searchParams.set('of', Buffer.from(importer).toString('base64url'))
  return { url: url.href, format: 'module', shortCircuit: true }
}
