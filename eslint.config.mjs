import js from '@eslint/js';
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

const tests = ['**/*.test.{ts,tsx}', '**/testing/**', '**/test-*.ts', 'electron/test/**', 'build/bench/**'];
const entryPoints = ['electron/{main,headless,worker,simulator,preload}.ts'];

const onlyNativeSpawns = {
  paths: ['node:child_process', 'child_process'].map((name) => ({
    name,
    message: 'Processes are started by native/, camera/ and the launchers only: time limits and reaping live there.',
  })),
};
const environment = [
  { object: 'process', property: 'env', message: 'Settings come in as arguments; only entry points read them.' },
];

/** UI text comes from resources/locales, so that every language is complete. */
const literalText = [
  { selector: 'JSXText[value=/\\p{L}{2}/u]', message: 'Text comes from the locale files: t(...).' },
  {
    selector: 'JSXAttribute[name.name=/^(alt|aria-label|placeholder|title)$/] > Literal[value=/\\p{L}{2}/u]',
    message: 'Text comes from the locale files: t(...).',
  },
];

export default tseslint.config(
  { ignores: ['dist', 'out', 'release', 'node_modules', '.cache'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.{ts,tsx,mjs}'],
    extends: [js.configs.recommended, ...tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['eslint.config.mjs'] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-unnecessary-boolean-literal-compare': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      '@typescript-eslint/prefer-readonly': 'error',
      '@typescript-eslint/return-await': ['error', 'in-try-catch'],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      // start() and close() are awaited by contract, whether or not a part has something to wait for.
      '@typescript-eslint/require-await': 'off',
      // Options hold functions and are destructured; a method torn from its class fails loudly on its #private state.
      '@typescript-eslint/unbound-method': 'off',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': 'error',
      'no-restricted-imports': ['error', onlyNativeSpawns],
      'no-restricted-properties': ['error', ...environment],
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true, named: true, defaultFrom: true } }],
      'max-lines': ['error', 400],
    },
  },
  {
    files: ['renderer/**/*.{ts,tsx}'],
    plugins: { 'react-hooks': reactHooks },
    rules: {
      'react-hooks/rules-of-hooks': 'error',
      'react-hooks/exhaustive-deps': 'error',
      'no-restricted-syntax': ['error', ...literalText],
      // An event handler that is async reports its own failure; React ignores what it returns.
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
    },
  },
  {
    files: ['native/**', 'electron/camera/**', 'electron/engine/**/*launcher*.ts'],
    rules: { 'no-restricted-imports': 'off' },
  },
  {
    files: entryPoints,
    rules: { 'no-restricted-properties': 'off', 'no-console': 'off' },
  },
  {
    files: [...tests, 'build/**', '*.{ts,mjs}'],
    rules: { 'no-restricted-imports': 'off', 'no-restricted-properties': 'off', 'no-console': 'off' },
  },
  {
    files: tests,
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      // expect.objectContaining, JSON.parse and their like are typed any; the assertions are the check.
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      'max-lines': ['error', 600],
    },
  },
  {
    // ESLint does not see the types that a JSDoc cast gives.
    files: ['build/**/*.mjs'],
    rules: { '@typescript-eslint/no-unsafe-assignment': 'off', '@typescript-eslint/no-unsafe-return': 'off' },
  },
  { files: ['*.config.{ts,mjs}', '**/*.d.ts'], rules: { 'no-restricted-exports': 'off' } },
);
