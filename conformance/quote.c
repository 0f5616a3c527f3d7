/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/quote.h"

#include <string.h>

struct quote quote_make(const char *text, size_t len)
{
    struct quote quote = {.text = ""};
    size_t end = len < QUOTE_BYTES ? len : QUOTE_BYTES;
    while (end < len && end > 0 && ((unsigned char)text[end] & 0xC0) == 0x80) {
        end--;
    }
    for (size_t i = 0; i < end; i++) {
        unsigned char c = (unsigned char)text[i];
        quote.text[i] = c < 0x20 || c == 0x7F ? ' ' : text[i];
    }
    if (end < len) {
        memcpy(quote.text + end, "...", 3);
    }
    return quote;
}

size_t quote_characters(const char *text, size_t len)
{
    size_t count = 0;
    for (size_t i = 0; i < len; i++) {
        count += ((unsigned char)text[i] & 0xC0) != 0x80;
    }
    return count;
}
