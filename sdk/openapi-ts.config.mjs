// By this the operations and types of sdk/src/gen are made from the OpenAPI document.
export default {
  input: './sdk/openapi.json',
  output: { path: './sdk/src/gen', module: { extension: '.js' } },
  plugins: [
    { name: '@hey-api/client-fetch', throwOnError: true },
    '@hey-api/typescript',
    { name: '@hey-api/sdk', auth: false, operations: { strategy: 'single', containerName: 'Operations' } },
  ],
}
