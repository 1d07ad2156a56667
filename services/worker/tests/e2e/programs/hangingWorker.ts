/** A worker whose cleanup hangs. */
import './hangingCleanup'
import '../../../src/index'
