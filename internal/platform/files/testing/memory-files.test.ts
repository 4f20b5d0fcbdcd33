import t from 'tap'
import { fileStoreContract } from './file-store-contract.ts'
import { memoryFiles } from './memory-files.ts'

fileStoreContract(t, async () => memoryFiles())
