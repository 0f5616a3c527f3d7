/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_API_FILE_REPLY_H
#define JIG_API_FILE_REPLY_H
/*
 * Giving a stored file to a client: media type, name, entity tag, ranges (RFC 9110, 14; RFC 6266).
 */
#include "api/http.h"
#include "registry/files.h"

struct file_reply {
    unsigned char blob[STORE_HASH_BYTES];
    uint64_t size;
    const char *type;  /* media type, NULL or "": not known; in the arena or static */
    const char *name;  /* UTF-8, in the arena */
    bool prefer_bytes; /* application/octet-stream when the client takes anything */
    bool x_file_name;  /* X-FileName, too */
};

/* Fills the response: 200, 206 or 304. ERR_NOT_ACCEPTABLE, ERR_RANGE (416) and ERR_NOT_FOUND when
 * the content has been removed meanwhile. */
ERR_MUST_USE enum err_code file_reply_send(struct api_request *request,
    struct api_response *response, const struct file_reply *file, struct err *err);

/* A name as the value of Content-Disposition, in the arena: an ASCII form for old clients and the
 * real one (RFC 8187). NULL when the arena is full. */
const char *file_disposition(struct arena *arena, const char *name);

#endif
