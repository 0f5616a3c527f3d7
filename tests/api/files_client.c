/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/api/files_client.h"

#include <string.h>

#include "aas/buf.h"

enum { CEILING = 256 << 20, WAIT_MS = 30000 };

struct answer files_send(uint16_t port, const char *method, const char *target, const char *type,
    const char *headers, const char *bytes, size_t len)
{
    struct buf head;
    struct answer answer = {0};
    int fd = client_connect(port);
    buf_init(&head, CEILING);
    buf_printf(&head,
        "%s %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: %s\r\nContent-Length: %zu\r\n%s\r\n",
        method, target, type, len, headers);
    /* A refusal may come before everything is sent. */
    if (client_send(fd, head.bytes, head.len)) {
        (void)client_send(fd, bytes, len);
        answer = client_read(fd, WAIT_MS, false);
    }
    buf_finish(&head);
    client_close(fd);
    return answer;
}

struct answer files_form(uint16_t port, const char *method, const char *target, const char *headers,
    const char *name, const char *type, const char *bytes, size_t len)
{
    struct buf body;
    buf_init(&body, CEILING);
    if (name != NULL) {
        buf_printf(&body,
            "--cut-here\r\nContent-Disposition: form-data; name=\"fileName\"\r\n\r\n%s\r\n", name);
    }
    buf_printf(&body,
        "--cut-here\r\nContent-Disposition: form-data; name=\"file\"; filename=\"f\"\r\n"
        "Content-Type: %s\r\n\r\n",
        type == NULL ? "application/octet-stream" : type);
    buf_add(&body, bytes, len);
    buf_add_text(&body, "\r\n--cut-here--\r\n");
    struct answer answer = files_send(port, method, target,
        "multipart/form-data; boundary=cut-here", headers, body.bytes, body.len);
    buf_finish(&body);
    return answer;
}

int files_put(uint16_t port, const char *target, const char *headers, const char *name,
    const char *type, const char *bytes, size_t len)
{
    struct answer answer = files_form(port, "PUT", target, headers, name, type, bytes, len);
    int status = answer.status;
    answer_free(&answer);
    return status;
}
