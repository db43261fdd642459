#include "CTorBoxList.h"

#include <cstring>
#include <memory>
#include <new>
#include <string_view>

// Errors come back as codes; compiled without the library's throwing conveniences.
#define SIMDJSON_EXCEPTIONS 0
#include <simdjson.h>

namespace dom = simdjson::dom;

namespace {

constexpr std::string_view kFieldNames[] = {
    "id", "hash", "name", "tracker", "original_url", "download_state", "status", "active", "download_finished",
    "download_present", "cached", "private", "airlocked", "allow_zipped", "seed_torrent", "long_term_seeding",
    "progress", "download_speed", "upload_speed", "eta", "seeds", "peers", "ratio", "availability", "size",
    "total_uploaded", "total_downloaded", "files", "file_count", "created_at", "cached_at", "expires_at",
};
constexpr int kFieldCount = sizeof(kFieldNames) / sizeof(kFieldNames[0]);

/// Finds a field by its name: a table over length, first and last letter that has no two names in one place.
class FieldTable {
public:
    constexpr FieldTable() {
        for (auto &slot : slots_) slot = -1;
        for (int index = 0; index < kFieldCount; index++) {
            auto place = hash(kFieldNames[index]);
            while (slots_[place] >= 0) place = (place + 1) % kSize;
            slots_[place] = static_cast<int8_t>(index);
        }
    }

    int find(std::string_view name) const {
        if (name.empty()) return -1;
        for (auto place = hash(name); slots_[place] >= 0; place = (place + 1) % kSize) {
            if (kFieldNames[slots_[place]] == name) return slots_[place];
        }
        return -1;
    }

private:
    static constexpr size_t kSize = 256;
    int8_t slots_[kSize] = {};

    static constexpr size_t hash(std::string_view name) {
        return (name.size() * 37 + static_cast<unsigned char>(name.front()) * 7 +
                static_cast<unsigned char>(name.back()) * 19 +
                static_cast<unsigned char>(name[name.size() / 2]) * 3) % kSize;
    }
};

constexpr FieldTable kFields;

int code_of(simdjson::error_code error) {
    switch (error) {
        case simdjson::SUCCESS: return TBL_OK;
        case simdjson::MEMALLOC: return TBL_NO_MEMORY;
        case simdjson::CAPACITY: return TBL_TOO_LARGE;
        case simdjson::DEPTH_ERROR: return TBL_TOO_DEEP;
        case simdjson::UTF8_ERROR: return TBL_NOT_UTF8;
        case simdjson::STRING_ERROR: return TBL_BAD_TEXT;
        case simdjson::NUMBER_ERROR: return TBL_BAD_NUMBER;
        case simdjson::EMPTY: return TBL_EMPTY;
        default: return TBL_BAD_SYNTAX;
    }
}

/// The flat form of an element. The kind was looked at first, so the reads below cannot fail.
tbl_value flat(dom::element element) {
    tbl_value value = {};
    switch (element.type()) {
        case dom::element_type::NULL_VALUE: value.kind = TBL_NULL; break;
        case dom::element_type::BOOL: {
            value.kind = TBL_BOOL;
            bool flag = false;
            (void)element.get(flag);
            value.integer = flag ? 1 : 0;
            break;
        }
        case dom::element_type::INT64:
            value.kind = TBL_INTEGER;
            (void)element.get(value.integer);
            break;
        case dom::element_type::UINT64: {
            value.kind = TBL_NUMBER;
            uint64_t large = 0;
            (void)element.get(large);
            value.number = static_cast<double>(large);
            break;
        }
        case dom::element_type::DOUBLE:
            value.kind = TBL_NUMBER;
            (void)element.get(value.number);
            break;
        case dom::element_type::STRING: {
            value.kind = TBL_TEXT;
            std::string_view text;
            (void)element.get(text);
            value.text = text.data();
            value.length = text.size();
            break;
        }
        case dom::element_type::ARRAY: {
            value.kind = TBL_ARRAY;
            dom::array array;
            if (element.get(array) == simdjson::SUCCESS) value.integer = static_cast<int64_t>(array.size());
            break;
        }
        case dom::element_type::OBJECT: value.kind = TBL_OBJECT; break;
    }
    return value;
}

}  // namespace

namespace {

/// A parser has buffers of ten times the size of what it reads, and making them anew costs as much as reading. Each thread
/// keeps one, unless it read a list of more than this many bytes, some 1,500 downloads.
constexpr size_t kKeptCapacity = 2 << 20;
thread_local std::unique_ptr<dom::parser> spare_parser;

std::unique_ptr<dom::parser> take_parser() {
    return spare_parser ? std::move(spare_parser) : std::unique_ptr<dom::parser>(new (std::nothrow) dom::parser());
}

}  // namespace

struct tbl_document {
    std::unique_ptr<dom::parser> parser = take_parser();
    tbl_envelope envelope = {};
    dom::element single = {};
    dom::array rows = {};
    dom::array::iterator next = {};
    dom::array::iterator end = {};
    bool has_single = false;
    bool has_rows = false;
    tbl_value fields[kFieldCount] = {};

    ~tbl_document() {
        if (parser && parser->capacity() <= kKeptCapacity) spare_parser = std::move(parser);
    }

    int load(const uint8_t *bytes, size_t length, bool is_padded) {
        if (!parser) return TBL_NO_MEMORY;
        dom::element root;
        auto error = parser->parse(bytes, length, !is_padded).get(root);
        if (error) return code_of(error);
        dom::object members;
        if (root.get(members)) return TBL_NOT_AN_OBJECT;
        for (auto member : members) take(member.key, member.value);
        if (has_rows) {
            next = rows.begin();
            end = rows.end();
        }
        return TBL_OK;
    }

    const tbl_value *advance(bool *is_object) {
        dom::element row;
        if (has_single) {
            row = single;
            has_single = false;
        } else if (has_rows && next != end) {
            row = *next;
            ++next;
        } else {
            return nullptr;
        }
        read(row, is_object);
        return fields;
    }

private:
    void take(std::string_view name, dom::element value) {
        if (name == "success") envelope.success = flat(value);
        else if (name == "error") envelope.error = flat(value);
        else if (name == "detail") envelope.detail = flat(value);
        else if (name == "total") envelope.total = flat(value);
        else if (name == "data") take_data(value);
    }

    void take_data(dom::element value) {
        envelope.data = flat(value);
        has_single = envelope.data.kind == TBL_OBJECT;
        has_rows = envelope.data.kind == TBL_ARRAY && value.get(rows) == simdjson::SUCCESS;
        single = value;
    }

    void read(dom::element row, bool *is_object) {
        std::memset(fields, 0, sizeof(fields));
        dom::object members;
        *is_object = row.get(members) == simdjson::SUCCESS;
        if (!*is_object) return;
        for (auto member : members) {
            int index = kFields.find(member.key);
            if (index >= 0) fields[index] = flat(member.value);
        }
    }
};

extern "C" {

int tbl_field_count(void) { return kFieldCount; }

const char *tbl_field_name(int index) { return index >= 0 && index < kFieldCount ? kFieldNames[index].data() : ""; }

size_t tbl_padding(void) { return simdjson::SIMDJSON_PADDING; }

tbl_document *tbl_parse(const uint8_t *bytes, size_t length, size_t room_behind, int *error) {
    auto *document = new (std::nothrow) tbl_document();
    if (document == nullptr) {
        *error = TBL_NO_MEMORY;
        return nullptr;
    }
    bool is_padded = room_behind >= simdjson::SIMDJSON_PADDING;
    *error = length == 0 || bytes == nullptr ? TBL_EMPTY : document->load(bytes, length, is_padded);
    if (*error == TBL_OK) return document;
    delete document;
    return nullptr;
}

void tbl_free(tbl_document *document) { delete document; }

tbl_envelope tbl_envelope_of(const tbl_document *document) { return document->envelope; }

const tbl_value *tbl_next_row(tbl_document *document, bool *is_object) { return document->advance(is_object); }

}  // extern "C"
