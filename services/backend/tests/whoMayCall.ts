import { DAY } from '../contract'
import type { ByPerson, ByWorker, Row } from './whoMayCallRow'

/** Who may call what: a row for every public function, and none too many (`everyFunction.test.ts`). */

const page = { paginationOpts: { numItems: 10, cursor: null } }

const reasoning = { kind: 'reasoning', status: 'running', text: 'x' }
const question = { kind: 'question', questions: [] }
const everybody: ByPerson = { stranger: 'ok', viewer: 'ok', operator: 'ok' }
/** Who has the token or code that is asked for may know what it opens. */
const holders: ByPerson = { ...everybody, isOpenedByArgument: true }
const admins: ByPerson = { stranger: 'FORBIDDEN', viewer: 'FORBIDDEN', operator: 'FORBIDDEN' }
/** Of the machine. */
const viewers: ByPerson = { stranger: 'NOT_FOUND', viewer: 'ok', operator: 'ok' }
const operators: ByPerson = { stranger: 'NOT_FOUND', viewer: 'FORBIDDEN', operator: 'ok' }
const owners: ByPerson = { stranger: 'NOT_FOUND', viewer: 'FORBIDDEN', operator: 'FORBIDDEN' }
/** Of the chat. */
const starters: ByPerson = { stranger: 'NOT_FOUND', viewer: 'NOT_FOUND', operator: 'NOT_FOUND' }
const anyWorker: ByWorker = { online: 'ok', pending: 'ok', foreign: 'ok' }
const itsChats: ByWorker = { online: 'ok', pending: 'WORKER_NOT_APPROVED', foreign: 'NOT_FOUND' }

export const rows: Record<string, Row> = {
  'auth:isAuthenticated': { for: 'anybody', args: {} },
  // Without parameters: tokens to be renewed that do not exist, and a session to be ended that does not.
  'auth:signIn': { for: 'anybody', args: { refreshToken: 'a|b' } },
  'auth:signOut': { for: 'anybody', args: {} },
  'users:signInWays': { for: 'anybody', args: {} },
  'pairing:start': { for: 'joining' },
  'pairing:outcome': { for: 'joining' },
  'pairing:look': { for: 'people', args: ({ pairing: { code } }) => ({ code }), ...holders },
  'pairing:deny': { for: 'people', args: ({ pairing: { code } }) => ({ code }), ...holders },
  'pairing:approve': {
    for: 'people',
    args: ({ pairing: { code }, machineId }) => ({ code, place: { machineId }, workerName: 'web' }),
    ...owners,
  },

  'account:signIns': { for: 'people', args: () => ({}), ...everybody },
  'account:endSignIn': {
    for: 'people',
    args: ({ otherSignInId: signInId }) => ({ signInId }),
    ...starters,
  },
  // None of them has one; that it changes only the caller's own is in account.test.ts.
  'account:changePassword': {
    for: 'people',
    args: () => ({ current: 'correct horse', next: 'battery staple' }),
    ...starters,
    owner: 'NOT_FOUND',
  },
  'account:trail': { for: 'people', args: () => page, ...everybody },
  'account:remove': {
    for: 'people',
    args: () => ({ email: 'ada@example.com' }),
    ...{ stranger: 'ARGUMENT_INVALID', viewer: 'ARGUMENT_INVALID', operator: 'ARGUMENT_INVALID' },
    owner: 'LAST_ADMINISTRATOR',
  },

  'chat:startSession': { for: 'people', args: ({ worker: { workerId } }) => ({ workerId }), ...operators },
  'chat:sendMessage': { for: 'people', args: ({ sessionId }) => ({ sessionId, text: 'hello' }), ...starters },
  'chat:retry': {
    for: 'people',
    args: ({ writing: messageId }) => ({ messageId }),
    ...starters,
    owner: 'RETRY_OUT_OF_DATE',
  },
  'chat:stop': { for: 'people', args: ({ writing: messageId }) => ({ messageId }), ...starters },
  'chat:parts': { for: 'people', args: ({ writing: messageId }) => ({ messageId }), ...starters },
  'chat:endSession': { for: 'people', args: ({ sessionId }) => ({ sessionId }), ...starters },
  'chat:getSession': { for: 'people', args: ({ sessionId }) => ({ sessionId }), ...starters },
  'chat:listSessions': { for: 'people', args: ({ worker: { workerId } }) => ({ workerId }), ...viewers },
  'chat:listMessages': { for: 'people', args: ({ sessionId }) => ({ sessionId, ...page }), ...starters },
  'invitations:create': { for: 'people', args: () => ({}), ...admins },
  'invitations:list': { for: 'people', args: () => ({}), ...admins },
  'invitations:withdraw': { for: 'people', args: ({ invitationId }) => ({ invitationId }), ...admins },
  'invitations:look': { for: 'people', args: ({ shareToken: token }) => ({ token }), ...holders },
  'invitations:accept': {
    for: 'people',
    args: ({ shareToken: token }) => ({ token }),
    ...holders,
    owner: 'FORBIDDEN',
  },
  'detector:state': { for: 'people', args: () => ({}), ...everybody },
  'machines:create': { for: 'people', args: () => ({ name: 'new' }), ...everybody },
  'machines:list': { for: 'people', args: () => page, ...everybody },
  'machines:remove': { for: 'people', args: ({ machineId }) => ({ machineId }), ...owners },
  'machines:overrides': { for: 'people', args: ({ machineId }) => ({ machineId }), ...owners },
  'machines:setOverrides': {
    for: 'people',
    args: ({ machineId }) => ({ machineId, overrides: { shutdownTimeoutMs: 9_000 } }),
    ...owners,
  },
  'machines:shared': { for: 'people', args: () => ({}), ...everybody },
  'alerts:open': { for: 'people', args: () => ({}), ...everybody },
  'alerts:past': { for: 'people', args: () => page, ...everybody },
  'alerts:mute': { for: 'people', args: ({ alertId }) => ({ alertId, forMs: DAY }), ...owners },
  'webhooks:list': { for: 'people', args: () => ({}), ...admins },
  'webhooks:add': {
    for: 'people',
    args: () => ({ url: 'http://127.0.0.1:1/', shape: 'json' }),
    ...admins,
  },
  'webhooks:test': { for: 'people', args: ({ webhookId }) => ({ webhookId }), ...admins },
  'webhooks:tryAgain': { for: 'people', args: ({ deliveryId }) => ({ deliveryId }), ...admins },
  'webhooks:remove': { for: 'people', args: ({ webhookId }) => ({ webhookId }), ...admins },

  'settings:show': { for: 'people', args: () => ({}), ...admins },
  'settings:change': { for: 'people', args: () => ({ shutdownTimeoutMs: 9_000 }), ...admins },
  'shares:list': { for: 'people', args: ({ machineId }) => ({ machineId }), ...owners },
  'shares:end': {
    for: 'people',
    args: ({ machineId, operator: { userId } }) => ({ machineId, userId }),
    ...owners,
    // They leave.
    operator: 'ok',
  },
  'users:me': { for: 'people', args: () => ({}), ...everybody },
  'workerAccess:create': { for: 'people', args: ({ machineId }) => ({ machineId, name: 'new' }), ...owners },
  'workerAccess:approve': { for: 'people', args: ({ worker: { workerId } }) => ({ workerId }), ...owners },
  'workerCommands:order': {
    for: 'people',
    args: ({ worker: { workerId } }) => ({ workerId, command: { kind: 'stop', when: 'idle' } }),
    ...owners,
  },
  'workerCommands:orderMachine': {
    for: 'people',
    args: ({ machineId }) => ({ machineId, command: { kind: 'restart', when: 'idle' }, oneByOne: true }),
    ...owners,
  },
  'workerCommands:endMachineOrder': { for: 'people', args: ({ machineId }) => ({ machineId }), ...owners },
  'workerCommands:withdraw': { for: 'people', args: ({ worker: { workerId } }) => ({ workerId }), ...owners },
  'workerHistory:heartbeat': {
    for: 'people',
    args: ({ worker: { workerId } }) => ({ workerId }),
    ...viewers,
  },
  'workerHistory:uptime': {
    for: 'people',
    args: ({ worker: { workerId } }) => ({ workerId, fromDay: Math.floor(Date.now() / DAY) - 1 }),
    ...viewers,
  },
  'workerAccess:remove': {
    for: 'people',
    args: ({ worker: { workerId } }) => ({ workerId }),
    ...owners,
    owner: 'WORKER_NOT_REVOKED',
  },
  'workerAccess:setPolicy': {
    for: 'people',
    args: ({ worker: { workerId } }) => ({ workerId, policy: 'readOnly' }),
    ...owners,
  },
  'workerAccess:revoke': { for: 'people', args: ({ worker: { workerId } }) => ({ workerId }), ...owners },
  'workerAccess:rotate': { for: 'people', args: ({ worker: { workerId } }) => ({ workerId }), ...owners },
  'workers:get': { for: 'people', args: ({ worker: { workerId } }) => ({ workerId }), ...viewers },
  'workers:list': { for: 'people', args: ({ machineId }) => ({ machineId }), ...viewers },
  'workerHistory:events': {
    for: 'people',
    args: ({ worker: { workerId } }) => ({ workerId, ...page }),
    ...viewers,
  },
  'workers:models': { for: 'people', args: ({ worker: { workerId } }) => ({ workerId }), ...viewers },

  'requests:list': { for: 'people', args: ({ sessionId }) => ({ sessionId }), ...starters },
  'requests:answer': {
    for: 'people',
    args: ({ requestId }) => ({ requestId, reply: { kind: 'once' } }),
    ...starters,
  },
  'requests:raise': {
    for: 'workers',
    args: ({ writing }) => ({ messageId: writing, key: 'que_1', what: question }),
    ...itsChats,
  },
  'requests:replies': { for: 'workers', args: () => ({}), ...anyWorker },
  'requests:settle': { for: 'workers', args: ({ requestId }) => ({ requestId }), ...itsChats },
  'answers:stops': { for: 'workers', args: () => ({}), ...anyWorker },
  'answers:queued': { for: 'workers', args: () => ({}), ...anyWorker },
  // Of another worker's chats it is only said that there is nothing to be had.
  'answers:claim': {
    for: 'workers',
    args: ({ queued }) => ({ messageId: queued }),
    ...itsChats,
    foreign: 'ok',
  },
  'answers:append': {
    for: 'workers',
    args: ({ writing }) => ({ messageId: writing, index: 0, text: 'x' }),
    ...itsChats,
  },
  'answers:complete': { for: 'workers', args: ({ writing }) => ({ messageId: writing }), ...itsChats },
  'answers:fail': {
    for: 'workers',
    args: ({ writing }) => ({ messageId: writing, cause: 'x' }),
    ...itsChats,
  },
  'answers:interrupt': {
    for: 'workers',
    args: ({ writing }) => ({ messageId: writing, cause: 'x' }),
    ...itsChats,
  },
  'answers:putParts': {
    for: 'workers',
    args: ({ writing }) => ({ messageId: writing, parts: [{ key: 'prt_1', at: 0, what: reasoning }] }),
    ...itsChats,
  },
  'answers:noteModelRetry': {
    for: 'workers',
    args: ({ writing }) => ({ messageId: writing, attempt: 1, message: 'x', inMs: 1_000 }),
    ...itsChats,
  },
  'answers:linkSession': {
    for: 'workers',
    args: ({ writing }) => ({ messageId: writing, opencodeSessionId: 'ses_1' }),
    ...itsChats,
  },
  'answers:suspendSession': { for: 'workers', args: ({ sessionId }) => ({ sessionId }), ...itsChats },
  'workers:heartbeat': { for: 'workers', args: () => ({ seq: 9 }), ...anyWorker },
  'workers:self': { for: 'workers', args: () => ({}), ...anyWorker },
  'workers:ready': {
    for: 'workers',
    args: () => ({ opencodeVersion: '1' }),
    ...anyWorker,
    pending: 'WORKER_OFFLINE',
  },
  'workers:publishModels': { for: 'workers', args: () => ({ models: [] }), ...anyWorker },
  'workers:beginDraining': {
    for: 'workers',
    args: () => ({ cause: 'SIGINT', deadlineMs: 1_000 }),
    ...anyWorker,
  },
  'workers:goOffline': { for: 'workers', args: () => ({ reason: 'shutdown', evidence: {} }), ...anyWorker },
  'workers:register': { for: 'registering' },
  'workers:reportExit': { for: 'supervisors', args: { exitCode: 1 } },
  'workers:reportHang': { for: 'supervisors', args: { isHung: true } },
}
