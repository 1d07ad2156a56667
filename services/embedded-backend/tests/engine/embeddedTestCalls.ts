import type { TestConvex } from 'convex-test'
import { makeFunctionReference, type DefaultFunctionArgs } from 'convex/server'
import { onTestFinished } from 'vitest'
import { embeddedTest } from '../../src/testing/embeddedTest'
import schema from '../fixtures/app/schema'
import { FIXTURES } from './openTestEngine'

export const functionsDir = `${FIXTURES}app`

export const modules = {
  '../fixtures/app/_generated/none.ts': () => Promise.resolve({}),
  '../fixtures/app/http.ts': () => import('../fixtures/app/http'),
  '../fixtures/app/notes.ts': () => import('../fixtures/app/notes'),
  '../fixtures/app/runtime.ts': () => import('../fixtures/app/runtime'),
}

export const query = (path: string) => makeFunctionReference<'query', DefaultFunctionArgs, unknown>(path)
export const mutation = (path: string) =>
  makeFunctionReference<'mutation', DefaultFunctionArgs, unknown>(path)
export const action = (path: string) => makeFunctionReference<'action', DefaultFunctionArgs, unknown>(path)
export const bump = makeFunctionReference<'mutation', { name: string }>('runtime:bump')

export function openEmbedded() {
  const t = embeddedTest({ functionsDir, schema })
  onTestFinished(() => t.close())
  return t
}

export const counter = (t: TestConvex<typeof schema>, name: string) =>
  t.query(query('runtime:counter'), { name })
