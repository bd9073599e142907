// The directions in which one part of the house may import another (node/ARCHITECTURE.md draws them).
// An arrow that is not listed here does not exist; `node scripts/gate/arrows.ts` runs this and refuses a run that saw too little.

const test = '[.](test|e2e|browser)[.]tsx?$';
const node = '^node/src/';
const house = '^(node|agent-runtime|explorer|scripts)/';

/** Third-party packages without side effects, clock or platform: the only ones that a pure room may use. */
const purePackages =
  '(^|/)node_modules/(zod|canonicalize|@noble/(curves|hashes)|@chainsafe/(ssz|persistent-merkle-tree))/';

/** What other workspaces may see of the node, as files behind the exports of node/package.json. */
const publicNode = '^node/src/(client|protocol/index|protocol/audit/index)[.]ts$';

/** Native code that is no node's wiring: programs that run no node may use it as well. */
const nativeNode = '^node/src/bin/native[.]ts$';

/** A room that may import, of this house, only itself and what `to` matches. */
const room = (name, from, to, fix) => ({
  name,
  severity: 'error',
  comment: fix,
  from: { path: from, pathNot: test },
  to: { path: house, pathNot: [from, ...to] },
});

/** A room without platform: no node:*, and of the packages only the pure ones. */
const pure = (name, from) => [
  {
    name: `${name}-no-platform`,
    severity: 'error',
    comment: 'a pure room takes clock, I/O and randomness as input; put the effect behind a port in node/src/ports',
    from: { path: from, pathNot: test },
    to: { dependencyTypes: ['core'] },
  },
  {
    name: `${name}-pure-packages`,
    severity: 'error',
    comment: 'a pure room uses only zod, canonicalize, @noble/* and @chainsafe/ssz; wrap anything else in an adapter',
    from: { path: from, pathNot: test },
    to: { path: 'node_modules/', pathNot: purePackages },
  },
];

const rooms = [
  room(
    'protocol-is-a-leaf',
    `${node}protocol/`,
    [],
    'protocol imports nothing of this house; move what it needs into protocol',
  ),
  room(
    'consensus-arrows',
    `${node}consensus/`,
    [`${node}protocol/`],
    'consensus imports protocol only; host performs its effects',
  ),
  room('vm-arrows', `${node}vm/`, [`${node}protocol/`], 'vm imports protocol only; host hands it state and block'),
  room('ports-arrows', `${node}ports/`, [`${node}protocol/`], 'ports import protocol only; adapters implement them'),
  room(
    'host-arrows',
    `${node}host/`,
    [`${node}(protocol|consensus|vm|ports)/`],
    'host imports consensus, vm, ports and protocol; take an adapter as a parameter typed by its port',
  ),
  ...['network', 'storage', 'gateway'].map((adapter) =>
    room(
      `${adapter}-arrows`,
      `${node}${adapter}/`,
      [`${node}(protocol|ports)/`],
      'an adapter imports ports and protocol; put a shared interface into node/src/ports',
    ),
  ),
  room(
    'client-arrows',
    `${node}client([.]ts$|/)`,
    [`${node}protocol/`],
    'the client imports protocol only: it runs in a browser',
  ),
  room(
    'testing-arrows',
    `${node}testing/(?!bin/)`,
    [`${node}(protocol|consensus|vm|ports|host|storage)/`],
    'fakes are built on the pure rooms, the host and memory storage; real adapters are tested in their own room',
  ),
  room(
    'test-builds-arrows',
    `${node}testing/bin/`,
    [`${node}(testing|bin|gateway)/`],
    'a test build is the real composition, with one part of it from testing/; write that part there',
  ),
  room(
    'agent-runtime-arrows',
    '^agent-runtime/',
    [publicNode, '^node/src/bin/'],
    'agent-runtime sees @dao-gov/node/{client,protocol,audit} only; only its bin/ sees @dao-gov/node/bin',
  ),
  room(
    'analysis-is-pure',
    '^agent-runtime/src/analysis/',
    [publicNode],
    'analysis is pure: hand it telemetry as values',
  ),
  room(
    'explorer-arrows',
    '^explorer/',
    [publicNode],
    'the explorer sees @dao-gov/node/{client,protocol,audit} only; everything else it asks of the gateway',
  ),
  room(
    'scripts-arrows',
    '^scripts/',
    [publicNode, nativeNode, `${node}testing/index[.]ts$`, '^agent-runtime/src/'],
    'scripts use the public exports of @dao-gov/node, or start its processes',
  ),
];

export default {
  forbidden: [
    ...rooms,
    ...pure('protocol', `${node}protocol/`),
    ...pure('consensus', `${node}consensus/`),
    ...pure('vm', `${node}vm/`),
    ...pure('ports', `${node}ports/`),
    ...pure('client', `${node}client([.]ts$|/)`),
    ...pure('analysis', '^agent-runtime/src/analysis/'),
    {
      name: 'only-bin-wires',
      severity: 'error',
      comment: 'only files under a bin/ import node/src/bin; export what is needed from a room instead',
      from: { path: house, pathNot: '(^|/)bin/' },
      to: { path: '^(node|agent-runtime)/src/bin/', pathNot: nativeNode },
    },
    {
      name: 'fakes-stay-in-tests',
      severity: 'error',
      comment: 'node/src/testing is for tests and simulations; production code takes the real adapter from its bin/',
      from: { path: '^(node|agent-runtime|explorer)/', pathNot: [test, `${node}testing/`] },
      to: { path: `${node}testing/` },
    },
    {
      name: 'tests-are-ends',
      severity: 'error',
      comment: 'nothing imports a test file; move what is shared into a module beside it',
      from: {},
      to: { path: test },
    },
    {
      name: 'workspaces-meet-at-the-node',
      severity: 'error',
      comment: 'explorer and agent-runtime never import each other, in tests neither',
      from: { path: '^(explorer|agent-runtime)/' },
      to: { path: '^(explorer|agent-runtime)/', pathNot: '^$1/' },
    },
    {
      name: 'browser-has-no-node',
      severity: 'error',
      comment: 'the explorer runs in a browser (vite would only warn): use a web API',
      from: { path: '^explorer/src/', pathNot: test },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'features-are-separate',
      severity: 'error',
      comment: 'a feature never imports another; move what both need into components/ or lib/',
      from: { path: '^explorer/src/features/([^/]+)/' },
      to: { path: '^explorer/src/(features|app)/', pathNot: '^explorer/src/features/$1/' },
    },
    {
      name: 'shared-ui-is-below',
      severity: 'error',
      comment: 'components/ and lib/ know neither features nor app; pass what they need as props',
      from: { path: '^explorer/src/(components|lib)/' },
      to: { path: '^explorer/src/(features|app)/' },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      comment: 'modules do not import each other in a circle; move the shared part into a third file',
      from: { path: house },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'resolvable',
      severity: 'error',
      comment: 'an import that does not resolve hides an arrow: correct the path, or declare the package or export',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    // TypeScript 7 has no compiler API for dependency-cruiser: without swc it reads next to nothing and still exits 0.
    parser: 'swc',
    doNotFollow: { path: 'node_modules' },
    // Assets reach the bundler, not Node; data files and declarations have no arrows of their own.
    exclude: { path: '[.](css|svg|png|json)$|[.]d[.]ts$|^explorer/dist/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json', '.d.ts'],
    },
  },
};
