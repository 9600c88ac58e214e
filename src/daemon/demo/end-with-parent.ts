/** Loaded into every child of the demo before anything else: when the demo is gone, however it went, the pipe to it closes and the child ends in order. */
const { stdin } = process
stdin.on('close', () => process.kill(process.pid, 'SIGTERM'))
stdin.resume()
// It must not keep a process alive that has nothing else to do.
if ('unref' in stdin) stdin.unref()
