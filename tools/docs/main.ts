// npm run docs: the documents that are made from the contracts, the declarations and the sources.
import { writeFile } from 'node:fs/promises'
import { generatedDocs } from './generated.ts'

for (const [file, text] of await generatedDocs()) await writeFile(file, text)
