/* SPDX-License-Identifier: Apache-2.0 */
#include "api/keep_alive.h"

#include <string.h>

#include "aas/rare.h"

/* The library keeps a connection only when this word is in the field Connection, or no such field
 * there. Clients that offer HTTP/2 ("Upgrade, HTTP2-Settings", Java's do) would connect anew for
 * every request, though HTTP/1.1 keeps it unless the client says close (RFC 9112, 9.3). So the word
 * is put there, where the text has room for it. */
static const char keep_word[] = "keep-alive";

RARE bool keep_alive_is_said(const struct api_request *request, const char *connection)
{
    if (request->http_1_0) {
        return api_list_has(connection, keep_word);
    }
    return !api_list_has(connection, "close") && strlen(connection) >= sizeof keep_word - 1;
}

/* The text lies in the connection's own buffer, and nobody reads it after the answer is made. */
RARE void keep_alive_say(const char *connection)
{
    if (!api_list_has(connection, keep_word)) {
        memcpy((char *)(uintptr_t)connection, keep_word, sizeof keep_word);
    }
}
