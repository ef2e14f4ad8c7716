/**
 * Imports run one way. This is the map of the project: what each folder may import besides itself.
 * A new capability gets a folder and a line here.
 */
const electron = {
  contract: [],
  mp4: [],
  store: ['contract'],
  onvif: ['contract'],
  camera: ['contract', 'mp4', 'native'],
  server: ['contract', 'store', 'mp4'],
  engine: ['contract', 'store', 'server', 'onvif', 'mp4', 'native'],
  simulator: ['contract', 'mp4', 'native'],
  desktop: ['contract', 'engine'],
};

/** Entry points stay thin; those which need FFmpeg look it up and hand its path on. */
const entryPoints = {
  main: ['desktop', 'engine', 'contract', 'native'],
  headless: ['engine', 'contract', 'native'],
  worker: ['camera', 'contract', 'native'],
  simulator: ['simulator', 'contract', 'native'],
  preload: ['contract'],
};

const features = 'live|playback|cameras|events|settings|exports|setup';
const tests = '\\.test\\.tsx?$|/testing/|/test-[^/]+\\.ts$|^electron/test/|^build/bench/';

function folderPath(name) {
  return name === 'native' ? '^native/' : `^electron/${name}/`;
}

function mayImport(name, from, own, allowed) {
  return {
    name,
    comment: `${name.split(':')[1]} imports only ${[...allowed, 'itself'].join(', ')} (electron/design and the map above)`,
    severity: 'error',
    from: { path: from, pathNot: tests },
    to: { path: '^(electron|native|renderer|build)/', pathNot: [...own, ...allowed.map(folderPath)] },
  };
}

module.exports = {
  forbidden: [
    ...Object.entries(electron).map(([folder, allowed]) =>
      mayImport(`map:${folder}`, folderPath(folder), [folderPath(folder)], allowed),
    ),
    ...Object.entries(entryPoints).map(([entry, allowed]) =>
      mayImport(`map:${entry}.ts`, `^electron/${entry}\\.ts$`, [], allowed),
    ),
    mayImport('map:native', '^native/', ['^native/'], []),
    mayImport('map:renderer', '^renderer/', ['^renderer/'], ['contract']),
    {
      name: 'features-apart',
      comment: 'A feature of the UI uses api, state and ui, never another feature.',
      severity: 'error',
      from: { path: `^renderer/(${features})/` },
      to: { path: `^renderer/(${features})/`, pathNot: '^renderer/$1/' },
    },
    {
      name: 'ui-below-features',
      comment: 'api, state and ui know nothing of the features that use them.',
      severity: 'error',
      from: { path: '^renderer/(api|state|ui)/', pathNot: tests },
      to: { path: `^renderer/(${features})/` },
    },
    {
      name: 'database-in-store',
      severity: 'error',
      from: { path: '^(electron|native)/', pathNot: ['^electron/store/', tests] },
      to: { path: 'node_modules/(kysely|better-sqlite3|@types/better-sqlite3)/' },
    },
    {
      name: 'electron-in-desktop',
      severity: 'error',
      from: { path: '^(electron|native|renderer)/', pathNot: '^electron/(desktop/|main\\.ts$|preload\\.ts$)' },
      to: { path: ['node_modules/electron/', '^electron$'], dependencyTypesNot: ['local'] },
    },
    {
      name: 'no-node-in-renderer',
      severity: 'error',
      from: { path: '^renderer/', pathNot: tests },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'shipped-packages-only',
      comment: 'Code outside the renderer is shipped with its packages: they belong in "dependencies".',
      severity: 'error',
      from: { path: '^(electron|native)/', pathNot: tests },
      to: {
        dependencyTypes: ['npm-dev'],
        dependencyTypesNot: ['type-only'],
        pathNot: 'node_modules/(electron|@types)/',
      },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-orphans',
      severity: 'error',
      from: {
        orphan: true,
        pathNot: ['\\.d\\.ts$', '\\.config\\.(ts|mjs)$', tests, '^build/', '^electron/preload\\.ts$'],
      },
      to: {},
    },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|release|out)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
    cache: { folder: 'node_modules/.cache/dependency-cruiser', strategy: 'content' },
  },
};
