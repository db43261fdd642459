#ifndef CPROCESS_H
#define CPROCESS_H

// What Swift cannot do itself: the steps between fork and exec, where only async-signal-safe calls are allowed,
// and the few Linux calls that the Swift overlay of the C library does not show.

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/// A descriptor of ours and the number that the child shall see it under.
typedef struct {
    int source;
    int target;
} cprocess_descriptor;

/// Where a start failed, for the error message.
typedef enum {
    CPROCESS_STEP_NONE = 0,
    CPROCESS_STEP_PIPE,
    CPROCESS_STEP_FORK,
    CPROCESS_STEP_DESCRIPTORS,
    CPROCESS_STEP_EXEC,
    CPROCESS_STEP_PIDFD,
} cprocess_step;

typedef struct {
    pid_t pid;
    /// Readable once the child has ended. Close-on-exec; the caller closes it.
    int pidfd;
    /// When cprocess_spawn fails: the step that failed.
    cprocess_step failed_step;
} cprocess_child;

/// How a child ended.
typedef struct {
    /// 1: killed by a signal, 0: exited.
    int is_signal;
    /// The exit code or the signal's number.
    int value;
} cprocess_exit;

/// Starts `path` in a process group of its own and returns once it has been executed, or has failed to be.
///
/// The child gets: standard input from /dev/null, standard output and error of ours, the descriptors of `map` at
/// exactly their targets (1 and 2 included, when mapped) and no other; an empty signal mask and default dispositions.
/// `arguments` and `environment` end with NULL. Returns 0, or errno with `child->failed_step` set.
///
/// Call it from a thread that lives as long as the process: some kernel features go by the spawning thread.
int cprocess_spawn(const char *path, char *const arguments[], char *const environment[],
                   const cprocess_descriptor *map, size_t map_count, cprocess_child *child);

/// Takes a child that has ended off the process table. Returns 0, EAGAIN while it still runs, or errno.
int cprocess_reap(pid_t pid, cprocess_exit *how);

/// A connected pair of Unix stream sockets, both close-on-exec. Returns 0 or errno.
int cprocess_socket_pair(int pair[2]);

/// A pipe, both ends close-on-exec: [0] to read, [1] to write. Returns 0 or errno.
int cprocess_pipe(int pair[2]);

/// Whether the kernel takes the clock for synchronised: 1, 0, or -1 when it does not tell.
int cprocess_clock_is_synchronised(void);

/// Creates a set of pidfds to wait on. Returns a descriptor, or -1 with errno.
int cprocess_watch_open(void);

/// Adds `pidfd` to the set for one report. May be called while another thread waits. Returns 0 or errno.
int cprocess_watch_add(int watch, int pidfd);

/// Waits until a process of the set has ended and returns its pidfd, which leaves the set. Returns -1 on error.
int cprocess_watch_next(int watch);

#endif
