/** A worker with a bug. */
import './crashOnTrigger'
import '../../../src/index'
