/** The architecture, as rules. `npm run check:static` fails when one is broken; scripts/architecture.test.ts breaks each. */
/** A service has its layers at its root, or in modules with walls between them; these are the modules. */
const modules = '(?:catalogue/|stock/)?'
const layer = (name) => `^internal/[^/]+/${modules}${name}/`
const test = '\\.test\\.ts$|/testing/|^internal/e2e/'
/** Tests see the insides of what they test; so do tools, such as the simulation, which runs services over their fakes. */
const testOrTool = `${test}|^tools/`
const compositionRoot = '^internal/[^/]+/[^/]+-service\\.ts$'

/** The platform modules that are values and functions only, so that the inner layers may use them. */
const plain =
  '^internal/platform/(brand|category-path|change|do-once|message-size|money|allocate-money|one-by-one|some-at-once|refusal|rule-limits|call|permissions|act|card-number|email|search-text|text|uuid)\\.ts$'

/** Not services: everyone may know platform and gen; who may know config, local and migrate has its own rule. */
const common = '^internal/(platform|gen|config|local|migrate|audit|timeline)/'
const serviceList = '^internal/services\\.ts$'

export default {
  forbidden: [
    {
      name: 'domain-is-pure',
      comment:
        'Domain code imports its own domain and a few plain platform modules: no I/O, no library, no Node.',
      severity: 'error',
      from: { path: `^internal/([^/]+)/${modules}domain/`, pathNot: test },
      to: { pathNot: [`^internal/$1/${modules}domain/`, plain] },
    },
    {
      name: 'application-knows-no-technology',
      comment: 'A use case talks to ports; Prisma, NATS, Fastify and protobuf live in infrastructure.',
      severity: 'error',
      from: { path: `^internal/([^/]+)/${modules}application/`, pathNot: test },
      to: { pathNot: [`^internal/$1/${modules}(domain|application)/`, plain] },
    },
    {
      name: 'services-are-strangers',
      comment: 'Services meet only in proto/ and on the wire.',
      severity: 'error',
      from: { path: '^internal/([^/]+)/', pathNot: ['^internal/(platform|e2e)/'] },
      to: { path: '^internal/', pathNot: ['^internal/$1/', common, serviceList] },
    },
    {
      name: 'stock-knows-no-catalogue',
      comment: 'Stock is held and counted whatever a product is called or looks like.',
      severity: 'error',
      from: { path: '^internal/inventory/stock/' },
      to: { path: '^internal/inventory/catalogue/' },
    },
    {
      name: 'the-catalogue-sees-only-the-rules-of-stock',
      comment:
        'A new product has an opening stock, which keeps the rules of stock; how stock is stored is not its business.',
      severity: 'error',
      from: { path: '^internal/inventory/catalogue/' },
      to: { path: '^internal/inventory/stock/', pathNot: '^internal/inventory/stock/domain/' },
    },
    {
      name: 'the-consumer-knows-no-business',
      comment: 'It delivers events; what they mean is the business of the services that react to them.',
      severity: 'error',
      from: { path: '^internal/consumer/', pathNot: test },
      to: { path: '^internal/gen/(?!consumer/|reaction/|health/|streams)' },
    },
    {
      name: 'only-processes-know-the-list',
      comment:
        'Whoever needs to know all services is told by the process: a service that read the list would know the others.',
      severity: 'error',
      from: { pathNot: ['^cmd/', '^internal/(config|migrate)/', testOrTool] },
      to: { path: serviceList },
    },
    {
      name: 'platform-knows-no-service',
      severity: 'error',
      from: { path: '^internal/platform/', pathNot: test },
      to: { path: '^(cmd|internal/(?!platform/|gen/))' },
    },
    {
      name: 'settings-are-read-at-the-edge',
      comment: 'Processes and composition roots read the configuration and hand on values.',
      severity: 'error',
      from: { pathNot: ['^cmd/', '^internal/config/', compositionRoot, testOrTool] },
      to: { path: '^internal/config/' },
    },
    {
      name: 'services-do-not-start-servers',
      comment: 'Local servers and migrations belong to processes (cmd) and tests.',
      severity: 'error',
      from: { pathNot: ['^cmd/', '^internal/(local|migrate)/', testOrTool] },
      to: { path: '^internal/(local|migrate)/' },
    },
    {
      name: 'only-the-composition-root-wires-infrastructure',
      severity: 'error',
      from: { pathNot: [layer('infrastructure'), compositionRoot, testOrTool] },
      to: { path: layer('infrastructure') },
    },
    {
      name: 'cmd-is-a-leaf',
      severity: 'error',
      from: { path: '^internal/', pathNot: test },
      to: { path: '^cmd/' },
    },
    {
      name: 'tools-are-a-leaf',
      comment: 'Nothing that is shipped, and no test outside of tools/, knows the tools.',
      severity: 'error',
      from: { pathNot: '^tools/' },
      to: { path: '^tools/' },
    },
    {
      name: 'no-test-code-in-production',
      severity: 'error',
      from: { pathNot: testOrTool },
      to: { path: test },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-dev-dependency-in-production',
      comment: 'Only the local servers, which run on a developer’s machine alone, may use devDependencies.',
      severity: 'error',
      from: { path: '^(cmd|internal)/', pathNot: [test, '^internal/local/'] },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'resolvable',
      comment: 'An import that resolves to nothing would escape the rules above.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: ['node_modules', '^internal/gen/', '/infrastructure/db/'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.mjs', '.js', '.json'],
      conditionNames: ['import', 'node', 'default'],
      exportsFields: ['exports'],
    },
  },
}
