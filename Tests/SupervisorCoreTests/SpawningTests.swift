import Testing

/// All suites that start processes. One at a time: a script that one test is still writing could be held open by
/// the fork of another, and the kernel does not execute a file that is open for writing.
@Suite(.serialized) enum SpawningTests {}
