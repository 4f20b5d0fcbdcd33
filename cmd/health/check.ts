export type Check = { readonly name: string; readonly ready: boolean; readonly detail: string }
