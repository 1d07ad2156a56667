export { scriptedModels, type ScriptedModel, type ScriptedModelId } from './scriptedModels'
export { scriptedProviderConfig, scriptedProviderId } from './scriptedProviderConfig'
export { startScriptedModel, type ScriptedModelServer } from './startScriptedModel'
