/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The yardstick: the same HTTP library with the same settings and a handler that does nothing but
 * write one prepared answer.
 *
 *     bench_null PORT FILE     answers every request with the bytes of FILE
 *     bench_null PORT parse    reads the body, parses it with cJSON and answers 204
 */
#include <cjson/cJSON.h>
#include <civetweb.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct prepared {
    char *bytes;
    size_t len;
};

static int answer(struct mg_connection *conn)
{
    const struct prepared *prepared = mg_get_user_data(mg_get_context(conn));
    mg_write(conn, prepared->bytes, prepared->len);
    return 200;
}

static int parse(struct mg_connection *conn)
{
    static const char done[] = "HTTP/1.1 204 No Content\r\nConnection: keep-alive\r\n\r\n";
    static const char wrong[] =
        "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    long long length = mg_get_request_info(conn)->content_length;
    char *body = length > 0 ? malloc((size_t)length) : NULL;
    size_t len = 0;
    for (int got = 1; body != NULL && got > 0 && len < (size_t)length; len += (size_t)got) {
        got = mg_read(conn, body + len, (size_t)length - len);
        got = got > 0 ? got : 0;
    }
    cJSON *tree = body == NULL ? NULL : cJSON_ParseWithLength(body, len);
    mg_write(conn, tree != NULL ? done : wrong, (tree != NULL ? sizeof done : sizeof wrong) - 1);
    cJSON_Delete(tree);
    free(body);
    return 204;
}

static int prepare(const char *path, struct prepared *prepared)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL || fseek(file, 0, SEEK_END) != 0) {
        return -1;
    }
    long size = ftell(file);
    rewind(file);
    prepared->bytes = malloc((size_t)size + 512);
    int head = snprintf(prepared->bytes, 512,
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %ld\r\n"
        "Connection: keep-alive\r\n\r\n",
        size);
    size_t got = fread(prepared->bytes + head, 1, (size_t)size, file);
    fclose(file);
    prepared->len = (size_t)head + got;
    return got == (size_t)size ? 0 : -1;
}

int main(int count, char **words)
{
    struct prepared prepared = {.bytes = NULL};
    bool parsing = count == 3 && strcmp(words[2], "parse") == 0;
    if (count != 3 || (!parsing && prepare(words[2], &prepared) != 0)) {
        fprintf(stderr, "usage: bench_null PORT FILE|parse\n");
        return 1;
    }
    char port[40];
    snprintf(port, sizeof port, "127.0.0.1:%s", words[1]);
    const char *settings[] = {"listening_ports", port, "num_threads", "512", "enable_keep_alive",
        "yes", "keep_alive_timeout_ms", "3000", "request_timeout_ms", "8000", "tcp_nodelay", "1",
        "decode_url", "no", "connection_queue", "1024", "listen_backlog", "1024", NULL};
    struct mg_callbacks callbacks = {.begin_request = parsing ? parse : answer};
    if (mg_start(&callbacks, &prepared, settings) == NULL) {
        fprintf(stderr, "cannot listen on %s\n", port);
        return 1;
    }
    puts("ready");
    fflush(stdout);
    pause();
    return 0;
}
