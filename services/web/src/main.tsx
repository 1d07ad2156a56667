import { ConvexAuthProvider } from '@convex-dev/auth/react'
import { ConvexReactClient } from 'convex/react'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app/App'
import { backendAddress } from './app/backendAddress'
import { ConnectionWatch } from './connection/ConnectionWatch'
import { ServerClock } from './connection/ServerClock'
import { ConnectionContext } from './connection/useConnection'
import { ServerClockContext } from './connection/useNow'
import { watchedWebSocket } from './connection/watchedWebSocket'
import './styles.css'

const watch = new ConnectionWatch()
const clock = new ServerClock()
const client = new ConvexReactClient(backendAddress, { webSocketConstructor: watchedWebSocket(watch) })

const root = document.getElementById('root')
if (root === null) throw new Error('index.html has no #root')
createRoot(root).render(
  <StrictMode>
    <ServerClockContext value={clock}>
      <ConnectionContext value={watch}>
        <ConvexAuthProvider client={client}>
          <App />
        </ConvexAuthProvider>
      </ConnectionContext>
    </ServerClockContext>
  </StrictMode>,
)
