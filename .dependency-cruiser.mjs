// Which part may know which: arrows point to the domain. Every rule here has a planted
// violation in test/architecture/dependency-rules.test.ts.
const product = '^(functions|shared|infra|console)/';

export default {
  forbidden: [
    {
      name: 'no-circular',
      comment: 'Two files that need each other are one file, or hide a third.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-barrels',
      comment: 'A file is imported by its own name, so that one sees what is used.',
      severity: 'error',
      from: {},
      to: { path: '(^|/)index\\.[cm]?[jt]s$', pathNot: 'node_modules/' },
    },
    {
      name: 'no-catch-all-names',
      comment: 'A drawer for everything says nothing: name the file after its one thing.',
      severity: 'error',
      from: {},
      to: { path: '(^|[/-])(utils?|helpers?|common|services?)(/|\\.[cm]?[jt]s$)', pathNot: 'node_modules/' },
    },
    {
      name: 'domain-takes-decimal-alone',
      comment: 'The domain is pure: decimal.js and itself.',
      severity: 'error',
      from: { path: '^shared/domain/' },
      to: { pathNot: ['^shared/domain/', '(^|node_modules/)decimal\\.js(/|$)'] },
    },
    {
      name: 'shell-knows-no-adapter',
      comment: 'The shell speaks to ports; what plugs in is decided by the caller.',
      severity: 'error',
      from: { path: '^shared/', pathNot: '^shared/(adapters|domain)/' },
      to: { path: '^shared/adapters/' },
    },
    {
      name: 'shared-points-inwards',
      comment: 'Shared code runs in every function and knows none of them.',
      severity: 'error',
      from: { path: '^shared/', pathNot: '^shared/domain/' },
      to: { path: '^(functions|infra|console)/' },
    },
    {
      name: 'adapters-keep-apart',
      comment: 'One vendor a folder: an adapter can be replaced without reading another.',
      severity: 'error',
      from: { path: '^shared/adapters/([^/]+)/' },
      to: { path: '^shared/adapters/', pathNot: '^shared/adapters/$1/' },
    },
    {
      name: 'only-deps-builds-adapters',
      comment: 'Every function can be called with given dependencies.',
      severity: 'error',
      from: { path: '^functions/', pathNot: '^functions/support/(deps|venue-deps|webhook-deps)\\.ts$' },
      to: { path: '^shared/adapters/' },
    },
    {
      name: 'local-takes-the-paper-venue-alone',
      comment: 'The local cloud and the console run the paper venue and read keys; the rest is the functions\' own.',
      severity: 'error',
      from: { path: '^(infra/local|console)/' },
      to: { path: '^shared/adapters/', pathNot: '^shared/adapters/(paper/|calendar/|dynamo/keys\\.ts$)' },
    },
    {
      name: 'stack-takes-names-from-shared',
      comment: 'The stack takes types, settings and names from runtime code, never behaviour.',
      severity: 'error',
      from: { path: '^infra/', pathNot: '^infra/local/' },
      to: {
        path: '^shared/',
        pathNot: '^shared/(settings|[a-z0-9-]*names)\\.ts$',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'stack-imports-no-program',
      comment: 'Functions reach the stack as entry paths; the local cloud and the console stand on it.',
      severity: 'error',
      from: { path: '^infra/', pathNot: '^infra/local/' },
      to: { path: '^(functions|console|infra/local)/' },
    },
    {
      name: 'only-dynamo-knows-dynamodb',
      comment: 'Conditions and marshalling live in one folder; the local cloud makes the table.',
      severity: 'error',
      from: { path: product, pathNot: '^(shared/adapters/dynamo|infra/local)/' },
      to: { path: '(^|node_modules/)@aws-sdk/(client-dynamodb|lib-dynamodb|util-dynamodb)(/|$)' },
    },
    {
      name: 'only-sqs-knows-sqs',
      comment: 'Queues are a port; the local cloud makes and polls them.',
      severity: 'error',
      from: { path: product, pathNot: '^(shared/adapters/sqs|infra/local)/' },
      to: { path: '(^|node_modules/)@aws-sdk/client-sqs(/|$)' },
    },
    {
      name: 'only-ccxt-knows-ccxt',
      comment: 'One folder knows the library and its habits.',
      severity: 'error',
      from: { pathNot: '^(shared/adapters/ccxt/|node_modules/)' },
      to: { path: '(^|node_modules/)ccxt(/|$)' },
    },
    {
      name: 'functions-know-no-stack',
      comment: 'What runs in a Lambda does not know how it was deployed or who looks at it.',
      severity: 'error',
      from: { path: '^functions/' },
      to: { path: '^(infra|console)/' },
    },
    {
      name: 'nothing-imports-test',
      comment: 'Tests are not shipped.',
      severity: 'error',
      from: { path: product },
      to: { path: '^test/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(cdk\\.out|\\.claimjump|coverage)(/|$)' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.mts', '.js', '.mjs', '.json'],
    },
  },
};
