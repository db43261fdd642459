#ifndef CSQLITE_MEMORY_H
#define CSQLITE_MEMORY_H

// Of sqlite3.h, which Swift cannot call: it takes any arguments.
extern int sqlite3_config(int option, ...);

/// Sets what each connection opened from now on takes at once for small blocks, and has SQLite no longer count all its memory:
/// the count is kept under one lock for the whole process, taken at each allocation, for which threads with different files
/// waited. Before SQLite is used for the first time; 0 when that was so.
static inline int sqlite_spare_memory(int bytes_each, int blocks) {
    const int SQLITE_CONFIG_MEMSTATUS_OPTION = 9;
    const int SQLITE_CONFIG_LOOKASIDE_OPTION = 13;
    int code = sqlite3_config(SQLITE_CONFIG_MEMSTATUS_OPTION, 0);
    return code ? code : sqlite3_config(SQLITE_CONFIG_LOOKASIDE_OPTION, bytes_each, blocks);
}

#endif
