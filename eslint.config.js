import tseslint from 'typescript-eslint'

const tests = ['**/*.test.ts', '**/testing/**', 'internal/e2e/**']

const plainCode = [
  { selector: 'ExportDefaultDeclaration', message: 'Use a named export.' },
  { selector: 'ExportAllDeclaration', message: 'No barrels: import from the file that has it.' },
  {
    selector: 'ClassDeclaration:not([superClass.name=/Error$/])',
    message: 'Plain data and functions; a class only to extend Error.',
  },
  { selector: 'Decorator', message: 'No decorators.' },
]

export default tseslint.config(
  {
    ignores: [
      'dist',
      'coverage',
      '.cache',
      '.data',
      'internal/gen/**',
      'sdk/dist',
      'sdk/src/gen/**',
      'sdk/src/*.gen.ts',
      '**/infrastructure/db/**',
      '*.config.*',
    ],
  },
  ...tseslint.configs.strictTypeChecked,
  ...tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: false },
      ],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      // Types are written with `type` throughout; an interface can be reopened, which nobody here wants.
      '@typescript-eslint/consistent-type-definitions': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // An empty NATS header reads as '', so `||` is what is meant for strings.
      '@typescript-eslint/prefer-nullish-coalescing': ['error', { ignorePrimitives: { string: true } }],
      // A function that satisfies an async port may have nothing to wait for.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-empty-function': 'off',
      // tap reports a subtest's failure itself, so its promise may float.
      '@typescript-eslint/no-floating-promises': [
        'error',
        {
          allowForKnownSafePromises: [
            { from: 'package', package: '@tapjs/core', name: 'PromiseWithSubtest' },
          ],
        },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'no-restricted-syntax': ['error', ...plainCode],
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Read it in internal/config and hand on the value.' },
      ],
      'no-console': 'error',
      'max-lines': ['error', { max: 200, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    // A package has one entry.
    files: ['sdk/src/index.ts'],
    rules: {
      'no-restricted-syntax': ['error', ...plainCode.filter(({ selector }) => !/Export/.test(selector))],
    },
  },
  { files: ['internal/config/**'], rules: { 'no-restricted-properties': 'off' } },
  {
    files: tests,
    rules: {
      // A test file is one long function by nature, and says `!` where a fixture guarantees the value.
      'max-lines': 'off',
      'max-lines-per-function': 'off',
      'no-restricted-properties': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  {
    // Scripts and examples run in a terminal; scripts also before anything is installed, so they have no types.
    files: ['scripts/**', 'examples/**'],
    rules: { 'no-console': 'off', 'no-restricted-properties': 'off' },
  },
  {
    files: ['**/*.mjs', '**/*.js'],
    ...tseslint.configs.disableTypeChecked,
    rules: {
      ...tseslint.configs.disableTypeChecked.rules,
      'no-console': 'off',
      'no-restricted-syntax': 'off',
      'no-restricted-properties': 'off',
    },
  },
)
