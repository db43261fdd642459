#define _GNU_SOURCE
#include "CProcess.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/timex.h>
#include <sys/wait.h>
#include <unistd.h>

// Numbers that older headers do not have; the same on every architecture.
#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif
#ifndef SYS_close_range
#define SYS_close_range 436
#endif
#ifndef CLOSE_RANGE_CLOEXEC
#define CLOSE_RANGE_CLOEXEC (1U << 2)
#endif

#define MAXIMUM_MAP 16
#define FIRST_FREE_DESCRIPTOR 3

struct failure {
    int step;
    int error;
};

int cprocess_pipe(int pair[2]) { return pipe2(pair, O_CLOEXEC) == 0 ? 0 : errno; }

int cprocess_socket_pair(int pair[2]) {
    return socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == 0 ? 0 : errno;
}

int cprocess_clock_is_synchronised(void) {
    struct timex clock = {0};
    int state = adjtimex(&clock);
    if (state < 0) return -1;
    return state != TIME_ERROR && !(clock.status & STA_UNSYNC);
}

// MARK: In the child, between fork and exec

static void report_and_leave(int pipe_end, int step) {
    struct failure failure = {step, errno};
    // Fits a pipe's buffer, so it is written whole or not at all.
    ssize_t ignored = write(pipe_end, &failure, sizeof failure);
    (void)ignored;
    _exit(127);
}

static void reset_signals(void) {
    struct sigaction standard = {.sa_handler = SIG_DFL};
    for (int number = 1; number < NSIG; number++) sigaction(number, &standard, NULL);
    sigset_t none;
    sigemptyset(&none);
    pthread_sigmask(SIG_SETMASK, &none, NULL);
}

/// Marks everything above standard error as close-on-exec, whoever opened it and however.
static void close_everything_on_exec(int descriptor_limit) {
    if (syscall(SYS_close_range, FIRST_FREE_DESCRIPTOR, ~0U, CLOSE_RANGE_CLOEXEC) == 0) return;
    for (int descriptor = FIRST_FREE_DESCRIPTOR; descriptor < descriptor_limit; descriptor++) {
        int flags = fcntl(descriptor, F_GETFD);
        if (flags >= 0) fcntl(descriptor, F_SETFD, flags | FD_CLOEXEC);
    }
}

/// Returns the descriptor of the failure pipe, moved out of the way of the targets; -1 on failure.
static int place_descriptors(const cprocess_descriptor *map, size_t count, int pipe_end, int descriptor_limit) {
    int sources[MAXIMUM_MAP];
    int above = FIRST_FREE_DESCRIPTOR;
    for (size_t i = 0; i < count; i++)
        if (map[i].target >= above) above = map[i].target + 1;
    // First everything to above all targets, so that no dup2 overwrites a source that is still needed.
    int moved_pipe = fcntl(pipe_end, F_DUPFD_CLOEXEC, above);
    if (moved_pipe < 0) return -1;
    for (size_t i = 0; i < count; i++) {
        sources[i] = fcntl(map[i].source, F_DUPFD_CLOEXEC, above);
        if (sources[i] < 0) return -1;
    }
    close_everything_on_exec(descriptor_limit);
    for (size_t i = 0; i < count; i++)
        if (dup2(sources[i], map[i].target) < 0) return -1;  // dup2 leaves close-on-exec off.
    int nothing = open("/dev/null", O_RDONLY);
    if (nothing < 0) return -1;
    if (nothing != STDIN_FILENO) {
        if (dup2(nothing, STDIN_FILENO) < 0) return -1;
        close(nothing);
    }
    return moved_pipe;
}

static void run_child(const char *path, char *const arguments[], char *const environment[],
                      const cprocess_descriptor *map, size_t count, int pipe_end, int descriptor_limit) {
    setpgid(0, 0);
    int moved_pipe = place_descriptors(map, count, pipe_end, descriptor_limit);
    if (moved_pipe < 0) report_and_leave(pipe_end, CPROCESS_STEP_DESCRIPTORS);
    reset_signals();
    execve(path, arguments, environment);
    report_and_leave(moved_pipe, CPROCESS_STEP_EXEC);
}

// MARK: In the parent

/// Waits for the failure pipe: end of file means that exec has closed it. Returns 0 or the child's errno.
static int await_exec(int pipe_end, cprocess_child *child) {
    struct failure failure;
    ssize_t length;
    do length = read(pipe_end, &failure, sizeof failure);
    while (length < 0 && errno == EINTR);
    if (length != (ssize_t)sizeof failure) return 0;
    child->failed_step = (cprocess_step)failure.step;
    return failure.error;
}

static void end_and_reap(pid_t pid) {
    kill(pid, SIGKILL);
    while (waitpid(pid, NULL, 0) < 0 && errno == EINTR) {}
}

int cprocess_spawn(const char *path, char *const arguments[], char *const environment[],
                   const cprocess_descriptor *map, size_t map_count, cprocess_child *child) {
    int failure_pipe[2];
    child->pid = -1;
    child->pidfd = -1;
    child->failed_step = CPROCESS_STEP_DESCRIPTORS;
    if (map_count > MAXIMUM_MAP) return EINVAL;
    child->failed_step = CPROCESS_STEP_PIPE;
    int error = cprocess_pipe(failure_pipe);
    if (error != 0) return error;

    long open_limit = sysconf(_SC_OPEN_MAX);
    int descriptor_limit = open_limit > 0 && open_limit < 65536 ? (int)open_limit : 65536;

    // No handler of ours may run in the child before it has reset them.
    sigset_t all, previous;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &previous);
    pid_t pid = fork();
    error = errno;
    if (pid == 0) {
        run_child(path, arguments, environment, map, map_count, failure_pipe[1], descriptor_limit);
        _exit(127);
    }
    pthread_sigmask(SIG_SETMASK, &previous, NULL);
    close(failure_pipe[1]);
    if (pid < 0) {
        close(failure_pipe[0]);
        child->failed_step = CPROCESS_STEP_FORK;
        return error;
    }

    child->failed_step = CPROCESS_STEP_NONE;
    error = await_exec(failure_pipe[0], child);
    close(failure_pipe[0]);
    if (error == 0) {
        // The process cannot be reaped by anybody but us, so its number is still its own.
        child->pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
        if (child->pidfd < 0) {
            error = errno;
            child->failed_step = CPROCESS_STEP_PIDFD;
        }
    }
    if (error != 0) {
        end_and_reap(pid);
        return error;
    }
    child->pid = pid;
    return 0;
}

int cprocess_reap(pid_t pid, cprocess_exit *how) {
    siginfo_t info = {0};
    int result;
    do result = waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG);
    while (result < 0 && errno == EINTR);
    if (result < 0) return errno;
    if (info.si_pid == 0) return EAGAIN;
    how->is_signal = info.si_code != CLD_EXITED;
    how->value = info.si_status;
    return 0;
}

int cprocess_watch_open(void) { return epoll_create1(EPOLL_CLOEXEC); }

int cprocess_watch_add(int watch, int pidfd) {
    struct epoll_event event = {.events = EPOLLIN | EPOLLONESHOT, .data = {.fd = pidfd}};
    return epoll_ctl(watch, EPOLL_CTL_ADD, pidfd, &event) == 0 ? 0 : errno;
}

int cprocess_watch_next(int watch) {
    struct epoll_event event;
    int count;
    do count = epoll_wait(watch, &event, 1, -1);
    while (count < 0 && errno == EINTR);
    if (count < 1) return -1;
    epoll_ctl(watch, EPOLL_CTL_DEL, event.data.fd, NULL);
    return event.data.fd;
}
