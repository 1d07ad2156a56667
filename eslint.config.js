import js from '@eslint/js'
import convex from '@convex-dev/eslint-plugin'
import a11y from 'eslint-plugin-jsx-a11y'
import hooks from 'eslint-plugin-react-hooks'
import globals from 'globals'
import tseslint from 'typescript-eslint'

/** Bare builders skip authentication: only `functions.ts` may import them (see docs/decisions). */
const bareBuilders = ['query', 'mutation', 'action']

export default tseslint.config(
  { ignores: ['**/dist/**', '**/_generated/**', '.rollcall/**', '**/tests/fixtures/**'] },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      globals: globals.node,
      parserOptions: {
        projectService: { allowDefaultProject: ['*.js', '*.ts'] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      'no-console': 'error',
      'max-lines': ['error', 250],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
    },
  },
  { files: ['**/*.js'], ...tseslint.configs.disableTypeChecked },
  {
    files: ['services/embedded-backend/src/inspect/page/**/*.js'],
    languageOptions: { globals: globals.browser },
  },
  {
    files: ['services/backend/convex/**/*.ts'],
    plugins: { '@convex-dev': convex },
    rules: {
      ...Object.assign({}, ...[convex.configs.recommended].flat().map((config) => config.rules ?? {})),
      '@convex-dev/no-collect-in-query': 'error',
      '@convex-dev/import-wrong-runtime': 'error',
      'no-restricted-imports': [
        'error',
        {
          paths: [
            {
              name: './_generated/server',
              importNames: bareBuilders,
              message: 'Use the builders of convex/functions.ts: they authorise the caller.',
            },
          ],
        },
      ],
    },
  },
  { files: ['services/backend/convex/functions.ts'], rules: { 'no-restricted-imports': 'off' } },
  {
    files: ['services/web/**/*.tsx'],
    ...a11y.flatConfigs.recommended,
    plugins: { ...a11y.flatConfigs.recommended.plugins, 'react-hooks': hooks },
    rules: {
      ...a11y.flatConfigs.recommended.rules,
      ...hooks.configs.recommended.rules,
      // About the React Compiler, which the page is not built with.
      'react-hooks/incompatible-library': 'off',
    },
    languageOptions: { globals: globals.browser },
  },
)
