export { scriptedModels, type ScriptedModelId } from './scriptedModels'
export { scriptedProviderConfig } from './scriptedProviderConfig'
export { startScriptedModel, type ScriptedModelServer } from './startScriptedModel'
