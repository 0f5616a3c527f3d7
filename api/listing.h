/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_API_LISTING_H
#define JIG_API_LISTING_H
/* Pages of identifiables; all filters are walks over indexes of the store. */
#include "api/parameters.h"

enum { LISTING_PAGE_BYTES = 64 * 1024 * 1024 }; /* a page ends early beyond this */

struct listing {
    struct registry_filter filter;
    struct registry_asset_id asset_ids[REGISTRY_FILTER_ASSET_IDS];
    struct api_modifiers modifiers;
};

/* Reads the parameters that lists of the route's kind have. */
ERR_MUST_USE enum err_code listing_read(
    struct api_request *request, struct listing *listing, struct err *err);

/* Appends the page with its paging_metadata. */
ERR_MUST_USE enum err_code listing_write(struct api_request *request, const struct listing *listing,
    struct registry_view *view, struct buf *buf, struct err *err);

#endif
