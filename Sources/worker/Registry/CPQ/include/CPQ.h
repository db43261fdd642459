/// PostgreSQL's client library, loaded when it is first needed.
///
/// The functions are libpq's own, declared by its header; `CPQ.c` passes them on. Call `cpq_load` before any of them.
/// Linked as usual, libpq would bring some twenty libraries (OpenSSL, GnuTLS, LDAP, Kerberos) into every process, 2 MB of
/// memory each, also where no PostgreSQL is.
#ifndef CPQ_H
#define CPQ_H

// Hidden, so that libpq's calls of its own functions stay its own.
#pragma GCC visibility push(hidden)
#include <postgresql/libpq-fe.h>

/// Null when libpq is there, now or since before; else what the loader said, good for ever. From any thread.
const char *cpq_load(void);
#pragma GCC visibility pop

#endif
