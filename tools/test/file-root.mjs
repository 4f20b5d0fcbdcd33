// What a test file gets for 'tap' in a shared process; there is one instance of this module for each file (see tap-hook.mjs).
import { rootOf } from './file-roots.mjs'

export * from 'tap'
const importer = new URL(import.meta.url).searchParams.get('of')
export default rootOf(Buffer.from(importer, 'base64url').toString())
