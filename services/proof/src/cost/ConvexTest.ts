import { convexTest } from 'convex-test'
import type {
  GenericDataModel,
  GenericMutationCtx,
  GenericQueryCtx,
  GenericSchema,
  SchemaDefinition,
} from 'convex/server'
import type { ModuleMap } from './moduleMap'

/** What of convex-test is needed here, with the document types of `Model`; its own come from a schema that is known when it compiles. */
export interface ConvexTest<Model extends GenericDataModel> {
  mutation: <T>(work: (ctx: GenericMutationCtx<Model>) => Promise<T>) => Promise<T>
  query: <T>(work: (ctx: GenericQueryCtx<Model>) => Promise<T>) => Promise<T>
  withIdentity: (identity: { subject: string }) => ConvexTest<Model>
  registerComponent: (path: string, schema: AnySchema, modules: ModuleMap) => void
  /** Works inside a component. */
  runInComponent: <T>(
    path: string,
    work: (ctx: GenericMutationCtx<GenericDataModel>) => Promise<T>,
  ) => Promise<T>
}

export type AnySchema = SchemaDefinition<GenericSchema, boolean>

/** A fresh deployment, within Convex's limits of a transaction. */
export function openConvexTest<Model extends GenericDataModel>(
  schema: AnySchema,
  modules: ModuleMap,
): ConvexTest<Model> {
  return convexTest({ schema, modules, transactionLimits: true }) as unknown as ConvexTest<Model>
}

/** The schema among the modules of a folder. */
export async function schemaOf(modules: ModuleMap): Promise<AnySchema> {
  const load = Object.entries(modules).find(([path]) => /\/schema\.[jt]s$/.test(path))?.[1]
  if (!load) throw new Error('no schema')
  return ((await load()) as { default: AnySchema }).default
}
