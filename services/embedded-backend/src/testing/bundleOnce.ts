import { bundleFunctions, type FunctionBundle } from '../engine/functions/bundleFunctions'

const bundles = new Map<string, Promise<FunctionBundle>>()

/** As `bundleFunctions`, once per folder and process: what changes in the folder later is not seen. */
export function bundleOnce(functionsDir: string): Promise<FunctionBundle> {
  let bundle = bundles.get(functionsDir)
  if (!bundle) bundles.set(functionsDir, (bundle = bundleFunctions(functionsDir)))
  return bundle
}
