/** Where a provider is told to send its messages; undefined where nobody has said how the internet reaches the shop. */
export const webhookAddress =
  (publicUrl: string) =>
  (provider: string): string | undefined =>
    publicUrl === '' ? undefined : `${publicUrl.replace(/\/+$/, '')}/webhooks/${provider}`
