export type MadeBody = { readonly headers: readonly (readonly [string, string])[]; readonly bytes: Buffer }

export const bodyOf = (type: string, bytes: Buffer): MadeBody => ({
  headers: [['content-type', type]],
  bytes,
})
