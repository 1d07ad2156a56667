import type { Outcome } from '../../engine/types'
import type { ServerMessage } from './serverMessage'
import { encodeTimestamp } from './timestamp'

export function mutationResponse(requestId: number, outcome: Outcome, ts: bigint): ServerMessage {
  if (outcome.kind === 'error') return failure('MutationResponse', requestId, outcome)
  const { value: result, logLines } = outcome
  return { type: 'MutationResponse', requestId, success: true, result, ts: encodeTimestamp(ts), logLines }
}

export function actionResponse(requestId: number, outcome: Outcome): ServerMessage {
  if (outcome.kind === 'error') return failure('ActionResponse', requestId, outcome)
  const { value: result, logLines } = outcome
  return { type: 'ActionResponse', requestId, success: true, result, logLines }
}

function failure(
  type: 'MutationResponse' | 'ActionResponse',
  requestId: number,
  { errorMessage, errorData, logLines }: Extract<Outcome, { kind: 'error' }>,
): ServerMessage {
  const data = errorData === undefined ? {} : { errorData }
  return { type, requestId, success: false, result: errorMessage, ...data, logLines }
}
