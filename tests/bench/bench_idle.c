/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Connections that are kept open and do next to nothing, beside which others are measured:
 *
 *     bench_idle PORT PATH COUNT SECONDS
 *
 * Opens COUNT connections to 127.0.0.1 and keeps them for SECONDS; each asks for PATH once at the
 * beginning and then every two seconds, before the server would close it. Prints how many requests
 * were answered out of how many, and ends with 1 when they are not the same.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MAX_CONNECTIONS = 10000, REQUEST_BYTES = 1024, EVERY_MS = 2000, PATIENCE_MS = 5000 };

static long now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int open_connection(unsigned port)
{
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((unsigned short)port)};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd >= 0 && connect(fd, (struct sockaddr *)&to, sizeof to) != 0) {
        close(fd);
        return -1;
    }
    return fd;
}

/* One answer comes in one piece or a few; the status line of the first one is what counts. */
static bool answered(int fd)
{
    char bytes[16384];
    struct pollfd waits = {.fd = fd, .events = POLLIN};
    if (poll(&waits, 1, PATIENCE_MS) != 1) {
        return false;
    }
    ssize_t got = recv(fd, bytes, sizeof bytes, 0);
    bool good = got > 12 && memcmp(bytes, "HTTP/1.1 200", 12) == 0;
    while (recv(fd, bytes, sizeof bytes, MSG_DONTWAIT) > 0) {
    }
    return good;
}

struct asking {
    int fds[MAX_CONNECTIONS];
    size_t count;
    char request[REQUEST_BYTES];
    size_t sent;
    size_t answered;
};

/* All of them once, spread over the time between two rounds, so that they disturb evenly. */
static void ask_all(struct asking *asking, long start, long spread_ms)
{
    size_t len = strlen(asking->request);
    for (size_t i = 0; i < asking->count; i++) {
        long due = start + spread_ms * (long)i / (long)asking->count;
        for (long left = due - now_ms(); left > 0; left = due - now_ms()) {
            (void)poll(NULL, 0, (int)left);
        }
        asking->sent++;
        bool sent = asking->fds[i] >= 0 &&
                    send(asking->fds[i], asking->request, len, MSG_NOSIGNAL) == (ssize_t)len;
        asking->answered += sent && answered(asking->fds[i]);
    }
}

int main(int count, char **words)
{
    static struct asking asking;
    if (count != 5 || atoi(words[3]) < 1 || atoi(words[3]) > MAX_CONNECTIONS) {
        fprintf(stderr, "usage: bench_idle PORT PATH COUNT SECONDS\n");
        return 2;
    }
    struct rlimit files;
    asking.count = (size_t)atoi(words[3]);
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    snprintf(asking.request, sizeof asking.request, "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%s\r\n\r\n",
        words[2], words[1]);
    for (size_t i = 0; i < asking.count; i++) {
        asking.fds[i] = open_connection((unsigned)atoi(words[1]));
    }
    long start = now_ms();
    long end = start + 1000L * atoi(words[4]);
    ask_all(&asking, start, 0);
    puts("ready");
    fflush(stdout);
    for (long round = now_ms(); round + EVERY_MS < end; round += EVERY_MS) {
        ask_all(&asking, round, EVERY_MS);
    }
    printf("%zu of %zu requests answered\n", asking.answered, asking.sent);
    return asking.answered == asking.sent ? 0 : 1;
}
