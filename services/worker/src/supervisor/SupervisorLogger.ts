/** What the supervisor needs of a pino logger; it does not load one itself. */
export interface SupervisorLogger {
  info: (fields: object, message: string) => void
  warn: (fields: object, message: string) => void
  error: (fields: object, message: string) => void
}
