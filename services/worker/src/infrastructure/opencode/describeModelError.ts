import type { EventSessionError } from '@opencode-ai/sdk/v2'
import { oneLine } from './startFailure'

type SessionError = NonNullable<EventSessionError['properties']['error']>

/** One sentence for the person who is waiting for an answer: what went wrong, and whose matter it is. */
export function describeModelError(error: SessionError): string {
  switch (error.name) {
    case 'ProviderAuthError':
      return `The model provider has no valid key: ${oneLine(error.data.message)}`
    case 'APIError':
      return describeApiError(
        error.data.statusCode,
        oneLine(error.data.message),
        error.data.metadata?.['code'],
      )
    case 'MessageAbortedError':
      return 'The answer was aborted.'
    case 'MessageOutputLengthError':
      return 'The answer reached the length limit of the model.'
    case 'ContextOverflowError':
      return 'The conversation is too long for the model.'
    case 'ContentFilterError':
      return "The provider's content filter stopped the answer."
    case 'StructuredOutputError':
    case 'UnknownError':
      return describeUnknown(oneLine(error.data.message))
    default:
      error satisfies never
      return `opencode reported an error it has no name for: ${oneLine(error)}`
  }
}

/** `status` is undefined if no HTTP answer came; `code` is then the system's word for what happened to the connection. */
function describeApiError(status: number | undefined, message: string, code: string | undefined): string {
  if (status === 401 || status === 403) return `The model provider refused the key (${status}): ${message}`
  if (status === 404) return `The model provider does not know the model (404): ${message}`
  if (status === 429) return `Rate limited by the model provider (429), several attempts failed: ${message}`
  if (status !== undefined && status >= 500)
    return `The model provider failed (${status}), several attempts: ${message}`
  if (status !== undefined) return `The model provider refused the request (${status}): ${message}`
  if (code === 'ECONNRESET') return 'The connection to the model was cut several times.'
  return `The model provider cannot be reached: ${message}`
}

function describeUnknown(message: string): string {
  if (/^\w*:?\s*Model not found|ModelNotFound/i.test(message))
    return `opencode does not know the model. ${message}`
  if (/JSON pars/i.test(message)) return `The model provider sent something that is not an answer. ${message}`
  return message
}
