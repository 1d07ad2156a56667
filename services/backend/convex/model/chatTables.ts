import { defineTable } from 'convex/server'
import { v } from 'convex/values'
import {
  messageRole,
  messageStatus,
  modelRetry,
  part,
  progress,
  request,
  requestState,
  sessionStatus,
  usage,
} from './chatValidators'

/** Chats, their messages, and what belongs to an answer. */
export const chatTables = {
  /** Chats. Written by the person who owns them and by the worker that runs them; changes a few times in its life. */
  sessions: defineTable({
    workerId: v.id('workers'),
    userId: v.id('users'),
    title: v.string(),
    model: v.optional(v.string()),
    status: sessionStatus,
    opencodeSessionId: v.optional(v.string()),
    lastMessageAt: v.number(),
    /** How many messages it was given, those that it has no more among them. Absent: none since they are counted. */
    said: v.optional(v.number()),
    /** Absent until something was asked. Written by `model/progress` only. */
    progress: v.optional(progress),
  })
    .index('by_worker_and_status', ['workerId', 'status'])
    .index('by_user_and_worker', ['userId', 'workerId', 'lastMessageAt'])
    .index('by_user_and_status', ['userId', 'status', 'workerId'])
    .index('by_worker_and_last_message', ['workerId', 'lastMessageAt'])
    .index('by_last_message', ['lastMessageAt']),

  /**
   * Messages. A person's and the system's are complete when written; an answer is one document that goes through
   * `model/messageStatus` and grows about five times a second while it streams.
   */
  messages: defineTable({
    sessionId: v.id('sessions'),
    workerId: v.id('workers'),
    role: messageRole,
    status: messageStatus,
    text: v.string(),
    /** Its place in the chat, from 1. Absent: it is older than all that have one. */
    ordinal: v.optional(v.number()),
    /** Of an answer: the message it answers. */
    answers: v.optional(v.id('messages')),
    /** Of an answer: the incarnation that claimed it. */
    epoch: v.optional(v.number()),
    /** Of an answer: how many appends it has taken; makes a repeated append harmless. */
    appends: v.optional(v.number()),
    /** Why it failed or was interrupted, for a person. */
    cause: v.optional(v.string()),
    finishedAt: v.optional(v.number()),
    /** Of an answer that is being given: its person wants it to end. The worker's incarnation follows these. */
    stopRequestedAt: v.optional(v.number()),
    /** Of an answer that opencode gave without knowing what had been said before: it had lost the conversation. */
    beganAnew: v.optional(v.literal(true)),
    /** Of an answer that has rows in `parts`. */
    hasParts: v.optional(v.literal(true)),
    /** Only while the model is waited for. */
    modelRetry: v.optional(modelRetry),
    /** Of an answer that has ended, if it is known. */
    usage: v.optional(usage),
  })
    .index('by_session', ['sessionId'])
    .index('by_status_and_session', ['status', 'sessionId'])
    .index('by_worker_and_status', ['workerId', 'status'])
    .index('by_worker_and_stop', ['workerId', 'stopRequestedAt']),

  /**
   * What a worker did on the way to an answer: tools, reasoning. Written by its incarnation while the answer is given, several
   * times each; read by the chat, for the answers that it shows.
   */
  parts: defineTable({
    messageId: v.id('messages'),
    workerId: v.id('workers'),
    /** opencode's id of it. */
    key: v.string(),
    /** How much of the answer's text came before it, in UTF-16 code units. */
    at: v.number(),
    what: part,
  })
    .index('by_message_and_key', ['messageId', 'key'])
    .index('by_worker', ['workerId']),

  /**
   * What opencode asks a person in the middle of an answer. Written by the incarnation that gives it, by the person of the chat, and
   * when nobody replies in time; read by the chat, and by the incarnation for the reply.
   */
  requests: defineTable({
    messageId: v.id('messages'),
    sessionId: v.id('sessions'),
    workerId: v.id('workers'),
    /** The incarnation's. */
    epoch: v.number(),
    /** opencode's id of it. */
    key: v.string(),
    what: request,
    expiresAt: v.number(),
    state: requestState,
  })
    .index('by_message_and_key', ['messageId', 'key'])
    .index('by_session', ['sessionId', 'state.kind'])
    .index('by_worker', ['workerId', 'state.kind', 'epoch']),
}
