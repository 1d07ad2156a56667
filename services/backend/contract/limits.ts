import { SECOND } from './time'

/** Bounds that a caller can run into; each is checked by the backend and shown by the page. */
export const limits = {
  /** Characters of a machine's, worker's or session's name. */
  nameLength: 64,
  /** UTF-8 bytes of one message from a person: far below Convex's 1 MiB per document, far above any prompt typed by hand. */
  messageBytes: 128 * 1024,
  /** UTF-8 bytes of one answer: what is stored of it fits a Convex document. */
  answerBytes: 900 * 1024,
  /** Answers waiting in one session. */
  queuedPerSession: 20,
  /** Machines a user may own, and workers a machine may hold, in one page of the fleet. */
  machinesPerOwner: 200,
  workersPerMachine: 50,
  /** Characters of an id or version that comes from outside, and of a text that says what happened. */
  identifierLength: 256,
  evidenceLength: 4_096,
  /** What is kept of an answer besides its text: so many parts, and so many characters of each of their texts. */
  partsPerAnswer: 300,
  partsPerCall: 50,
  partLength: 8_192,
  /** What opencode asks at a time in one answer, and choices in one question. */
  requestsPerAnswer: 50,
  requestItems: 30,
  /** Rows in one page of a list. */
  pageSize: 200,
  /**
   * Kept of each worker whatever their age: the transitions of its last incarnations, which at a start every ten minutes are those of
   * a month; and the chats with the latest words in them, ten times what a person is shown of them.
   */
  incarnationsPerWorker: 5_000,
  chatsPerWorker: 1_000,
  /** Kept of each chat, its newest messages: 25 times the longest page of them. */
  messagesPerChat: 5_000,
  /** Days for which a worker's uptime is kept, today besides. */
  uptimeDays: 31,
  /** Models a worker may publish. */
  models: 500,
  /** The longest a drain may take: the longest `SHUTDOWN_TIMEOUT_MS`. */
  drainMs: 600 * SECOND,
  /** Different stale thresholds that all machines together have of their own: each is a group to every sweep. */
  staleThresholds: 20,
  /** People who share one machine, and machines shared with one person. */
  sharesPerMachine: 50,
  sharesPerUser: 100,
  /** Invitations of one kind that wait to be used, and how long each can be. */
  invitations: 50,
  invitationMs: 7 * 24 * 3_600 * SECOND,
  /** Alerts that are over and are kept, the newest. */
  alerts: 10_000,
  /** Receivers of alerts, and characters of a receiver's address. */
  webhooks: 10,
  urlLength: 2_048,
  /** How long a worker's former secret is taken after a rotation. */
  formerSecretMs: 24 * 3_600 * SECOND,
  /** The longest term that a token can be given. */
  tokenDays: 365,
  /** How long a sign-in link from the terminal can be used. */
  signInLinkMs: 600 * SECOND,
  /** How long the code of a worker that wants to join can be used, and how many may wait at a time. */
  pairingMs: 600 * SECOND,
  pairings: 200,
  /** Characters of a password. */
  passwordLength: { least: 8, most: 256 },
} as const
