import type { ErasureCalls } from '../erasure.ts'

/** Where nobody is erased. */
export const noErasures: ErasureCalls = {
  listErasures: async () => ({ userIds: [] }),
  confirmErasures: async () => ({}),
}
