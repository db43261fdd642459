#ifndef CSQLITE_MEMORY_H
#define CSQLITE_MEMORY_H

// Of sqlite3.h, which Swift cannot call: it takes any arguments.
extern int sqlite3_config(int option, ...);

/// Sets what each connection opened from now on takes at once for small blocks. Before SQLite is used for the first time;
/// 0 when that was so.
static inline int sqlite_set_lookaside(int bytes_each, int blocks) {
    const int SQLITE_CONFIG_LOOKASIDE_OPTION = 13;
    return sqlite3_config(SQLITE_CONFIG_LOOKASIDE_OPTION, bytes_each, blocks);
}

#endif
