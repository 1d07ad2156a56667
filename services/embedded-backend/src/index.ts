export {
  startEmbeddedBackend,
  type EmbeddedBackend,
  type EmbeddedBackendOptions,
} from './startEmbeddedBackend'
export { EmbeddedBackendError } from './errors'
