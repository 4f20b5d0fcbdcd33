// In a process that test files share, `import t from 'tap'` in a test file gives the file's own root test.

export async function resolve(specifier, context, nextResolve) {
  const importer = context.parentURL ?? ''
  if (specifier !== 'tap' || !importer.endsWith('.test.ts')) return nextResolve(specifier, context)
  const url = new URL('./file-root.mjs', import.meta.url)
  // In this form, so that tsx does not take the file's ending for that of the module.
  url.searchParams.set('of', Buffer.from(importer).toString('base64url'))
  return { url: url.href, format: 'module', shortCircuit: true }
}
