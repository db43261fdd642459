/// Reads a TorBox list answer into flat C values, fast and without ever throwing.
///
/// The document keeps the text that its values point to: use them before `tbl_free`. Nothing here is
/// synchronised; a document belongs to one thread at a time.
#ifndef CTORBOXLIST_H
#define CTORBOXLIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// What a value is. `files` arrays are only counted, never walked.
enum {
    TBL_MISSING = 0,
    TBL_NULL = 1,
    TBL_BOOL = 2,     // integer: 0 or 1
    TBL_INTEGER = 3,  // integer
    TBL_NUMBER = 4,   // number; whole numbers beyond 64 signed bits are here too
    TBL_TEXT = 5,     // text, length; valid UTF-8, not terminated
    TBL_ARRAY = 6,    // integer: its length, saturating at 2^24 - 1
    TBL_OBJECT = 7,
};

/// Why a buffer could not be read. The numbers are ours, not the library's.
enum {
    TBL_OK = 0,
    TBL_NO_MEMORY = 1,
    TBL_TOO_LARGE = 2,
    TBL_TOO_DEEP = 3,
    TBL_NOT_UTF8 = 4,
    TBL_BAD_TEXT = 5,    // an escape that stands for no character, a lone surrogate for example
    TBL_BAD_NUMBER = 6,  // or one beyond 64 bits or the range of doubles
    TBL_BAD_SYNTAX = 7,
    TBL_EMPTY = 8,
    TBL_NOT_AN_OBJECT = 9,
};

typedef struct {
    uint8_t kind;
    int64_t integer;
    double number;
    const char *text;
    size_t length;
} tbl_value;

/// The members of the outermost object. Of a name given twice, the last one counts.
typedef struct {
    tbl_value success;
    tbl_value error;
    tbl_value detail;
    tbl_value data;
    tbl_value total;
} tbl_envelope;

typedef struct tbl_document tbl_document;

/// Fields that a row is searched for, and their names in the order of `tbl_row`'s values.
int tbl_field_count(void);
const char *tbl_field_name(int index);

/// Parses `length` bytes. They are copied first, unless the `room_behind` them that may be read too is enough. NULL and a
/// code in `error` on failure.
tbl_document *tbl_parse(const uint8_t *bytes, size_t length, size_t room_behind, int *error);
/// Bytes behind the text that spare it from being copied.
size_t tbl_padding(void);
void tbl_free(tbl_document *document);

tbl_envelope tbl_envelope_of(const tbl_document *document);

/// The next row of `data` (an object counts as a list of one): `tbl_field_count()` values that stay until the
/// next call, or NULL after the last. `is_object` is false for an element that is no object; its values are all
/// missing.
const tbl_value *tbl_next_row(tbl_document *document, bool *is_object);

#ifdef __cplusplus
}
#endif

#endif
