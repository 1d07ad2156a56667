/** Loaded before a worker: its chats are closed, and then that step does not end. */
import { ChatSessionManager } from '../../../src/application/ChatSessionManager'

// Bound by `call` below; it is taken off the class to be put back with something around it.
const { disconnectAll } = Object.getOwnPropertyDescriptors(ChatSessionManager.prototype)

ChatSessionManager.prototype.disconnectAll = async function (this: ChatSessionManager) {
  await disconnectAll.value?.call(this)
  await new Promise(() => {})
}
