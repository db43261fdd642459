#include "CPQ.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/// Every function that we use: its type, name, parameters, and the call of it. The compiler holds them to libpq's header.
#define FUNCTIONS(FUNCTION)                                                                                             \
    FUNCTION(void, PQclear, (PGresult *result), (result))                                                               \
    FUNCTION(char *, PQcmdTuples, (PGresult *result), (result))                                                         \
    FUNCTION(PostgresPollingStatusType, PQconnectPoll, (PGconn *connection), (connection))                              \
    FUNCTION(                                                                                                           \
        PGconn *, PQconnectStartParams, (const char *const *keywords, const char *const *values, int expand),           \
        (keywords, values, expand))                                                                                     \
    FUNCTION(void, PQconninfoFree, (PQconninfoOption *options), (options))                                              \
    FUNCTION(PQconninfoOption *, PQconninfoParse, (const char *text, char **problem), (text, problem))                  \
    FUNCTION(int, PQconsumeInput, (PGconn *connection), (connection))                                                   \
    FUNCTION(char *, PQerrorMessage, (const PGconn *connection), (connection))                                          \
    FUNCTION(void, PQfinish, (PGconn *connection), (connection))                                                        \
    FUNCTION(int, PQflush, (PGconn *connection), (connection))                                                          \
    FUNCTION(PGresult *, PQgetResult, (PGconn *connection), (connection))                                               \
    FUNCTION(int, PQgetisnull, (const PGresult *result, int row, int column), (result, row, column))                    \
    FUNCTION(char *, PQgetvalue, (const PGresult *result, int row, int column), (result, row, column))                  \
    FUNCTION(int, PQisBusy, (PGconn *connection), (connection))                                                         \
    FUNCTION(int, PQntuples, (const PGresult *result), (result))                                                        \
    FUNCTION(char *, PQresultErrorField, (const PGresult *result, int field), (result, field))                          \
    FUNCTION(ExecStatusType, PQresultStatus, (const PGresult *result), (result))                                        \
    FUNCTION(                                                                                                           \
        int, PQsendPrepare,                                                                                             \
        (PGconn *connection, const char *name, const char *text, int count, const Oid *types),                          \
        (connection, name, text, count, types))                                                                         \
    FUNCTION(int, PQsendQuery, (PGconn *connection, const char *text), (connection, text))                              \
    FUNCTION(                                                                                                           \
        int, PQsendQueryPrepared,                                                                                       \
        (PGconn *connection, const char *name, int count, const char *const *values, const int *lengths,                \
         const int *formats, int format),                                                                               \
        (connection, name, count, values, lengths, formats, format))                                                    \
    FUNCTION(                                                                                                           \
        PQnoticeProcessor, PQsetNoticeProcessor, (PGconn *connection, PQnoticeProcessor processor, void *context),      \
        (connection, processor, context))                                                                               \
    FUNCTION(int, PQsetnonblocking, (PGconn *connection, int flag), (connection, flag))                                 \
    FUNCTION(int, PQsocket, (const PGconn *connection), (connection))                                                   \
    FUNCTION(ConnStatusType, PQstatus, (const PGconn *connection), (connection))

#define PASS_ON(type, name, parameters, call)                                                                           \
    static type(*loaded_##name) parameters;                                                                             \
    type name parameters { return loaded_##name call; }
FUNCTIONS(PASS_ON)

static const char *problem;

static void load(void) {
    // The name that has been libpq's since PostgreSQL 8.2.
    void *library = dlopen("libpq.so.5", RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        const char *text = dlerror();
        const char *copy = strdup(text ? text : "libpq.so.5 cannot be loaded");
        problem = copy ? copy : "libpq.so.5 cannot be loaded";
        return;
    }
#define FIND(type, name, parameters, call)                                                                              \
    loaded_##name = (type(*) parameters)dlsym(library, #name);                                                          \
    if (!loaded_##name) problem = "libpq.so.5 has no " #name ", it is too old";
    FUNCTIONS(FIND)
}

const char *cpq_load(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, load);
    return problem;
}
