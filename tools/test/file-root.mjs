// In a shared process, test files get this module when they import 'tap'. Each file gets its own instance (see
// tap-hook.mjs).
import { rootOf } from './file-roots.mjs'

export * from 'tap'
const importer = new URL(import.meta.url).searchParams.get('of')
export default rootOf(Buffer.from(importer, 'base64url').toString())
