/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_AAS_JSON_H
#define JIG_AAS_JSON_H
/*
 * JSON of the metamodel (IDTA-01001, "Mappings to data formats: JSON"; RFC 8259).
 *
 * Reading is strict: UTF-8 only, no byte beyond the document, no duplicate keys, no `\u0000`, no
 * lone surrogates, number forms as RFC 8259 writes them, nesting up to a ceiling. Every refusal has
 * a place. A byte order mark at the start is skipped. Threads: functions are independent of each
 * other.
 */
#include <stddef.h>
#include <stdint.h>

#include "aas/arena.h"
#include "aas/buf.h"
#include "aas/err.h"
#include "aas/problem.h"
#include "aas/tree.h"

/* Objects and arrays inside each other. An Environment may have two more, so that whatever may
 * stand alone may also stand in one. */
enum { AAS_JSON_MAX_DEPTH = 128, AAS_JSON_ENVIRONMENT_DEPTH = AAS_JSON_MAX_DEPTH + 2 };
#define AAS_MAX_DEPTH(cls_)                                                                        \
    ((cls_)->id == CLASS_Environment ? AAS_JSON_ENVIRONMENT_DEPTH : AAS_JSON_MAX_DEPTH)

/* Reads one document into a tree in `arena`.
 * `as`: the class of the root, NULL to recognise it by modelType or its required attributes.
 * `*root` is set when a root could be made, also when problems of severity AAS_UNREADABLE were
 * reported: then the tree lacks what could not be held.
 * Returns ERR_OK without unreadable problems, ERR_UNREADABLE with, ERR_TOO_LARGE when the arena is
 * full. `err` (NULL allowed) gets the first problem. */
ERR_MUST_USE enum err_code aas_json_read(struct arena *arena, const char *bytes, size_t len,
    const struct meta_class *as, const struct aas_sink *sink, struct aas_node **root,
    struct err *err);

/* What a canonical writer tells about places in its output while writing; see aas_json_write. */
struct aas_json_marks {
    /* Called when the JSON object of `node` is complete; offset and length in bytes from the start
     * of this write. Children are reported before their parents. */
    void (*object)(void *context, const struct aas_node *node, size_t offset, size_t len);
    void *context;
};

enum aas_json_flag {
    AAS_JSON_CORE = 1,         /* level=core: children of children are left out */
    AAS_JSON_WITHOUT_BLOB = 2, /* value of Blob elements is left out */
    AAS_JSON_METADATA = 4,     /* $metadata: attributes flagged META_IS_VALUE are left out */
};

/* Appends the canonical JSON of a tree: modelType first, then attributes in table order, no white
 * space; the same tree gives the same bytes. `flags` of enum aas_json_flag. `marks` may be NULL. */
void aas_json_write(struct buf *buf, const struct aas_node *node, unsigned flags,
    const struct aas_json_marks *marks);

/* ------------------------------------------------------------------ any JSON
 * A small strict reader for bodies that are no metamodel documents ($value, settings, requests).
 * Numbers keep their lexical text. */

enum json_kind {
    JSON_NULL,
    JSON_TRUE,
    JSON_FALSE,
    JSON_NUMBER,
    JSON_STRING,
    JSON_ARRAY,
    JSON_OBJECT
};

/* One value. Which members of the unions count is told by `kind`. 40 bytes, so that a body of many
 * small values does not outgrow its arena. */
struct json {
    const char *name;  /* key when this is a member of an object, else NULL */
    struct json *next; /* next sibling */
    union {
        const char *text;   /* JSON_STRING: decoded; JSON_NUMBER: as written. NUL-terminated */
        struct json *first; /* JSON_ARRAY, JSON_OBJECT: first element or member */
    };
    union {
        uint32_t len;   /* of text, bytes */
        uint32_t count; /* of elements or members */
    };
    uint32_t line;
    uint32_t column;
    unsigned name_len : 20; /* bytes */
    unsigned known : 8;     /* 1 + the enum meta_prop_id of that name, JSON_MODEL_TYPE; 0: others */
    unsigned kind : 4;      /* enum json_kind */
};

enum { JSON_MODEL_TYPE = 255 }; /* the name that says the class of an object */

/* Gives a member the name of an attribute. */
void json_name(struct json *member, enum meta_prop_id id);

/* Reads any JSON value into `arena`, with the strictness above. ERR_UNREADABLE with place in err,
 * ERR_TOO_LARGE when the arena is full. */
ERR_MUST_USE enum err_code json_read(
    struct arena *arena, const char *bytes, size_t len, struct json **value, struct err *err);

/* The same up to AAS_JSON_ENVIRONMENT_DEPTH; `*deep` (NULL allowed) is set to the place where
 * AAS_JSON_MAX_DEPTH was passed first, line 0 when it was not. */
struct json_place {
    uint32_t line;
    uint32_t column;
};
ERR_MUST_USE enum err_code json_read_environment(struct arena *arena, const char *bytes, size_t len,
    struct json **value, struct json_place *deep, struct err *err);

/* aas_json_read of a value that was read before, in the same arena, as an object of `as` (needed
 * here): for items of an array. */
ERR_MUST_USE enum err_code aas_json_read_value(struct arena *arena, const struct json *value,
    const struct meta_class *as, const struct aas_sink *sink, struct aas_node **root,
    struct err *err);

/* The member of an object with this name, or NULL. */
const struct json *json_member(const struct json *object, const char *name);

#endif
