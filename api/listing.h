/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_API_LISTING_H
#define JIG_API_LISTING_H
/* Pages of identifiables; all filters are walks over indexes of the store. */
#include "api/addresses.h"
#include "api/parameters.h"

enum { LISTING_PAGE_BYTES = 64 * 1024 * 1024 }; /* a page ends early beyond this */

struct listing {
    struct registry_filter filter;
    struct registry_asset_id asset_ids[REGISTRY_FILTER_ASSET_IDS];
    enum api_form form;
    struct api_modifiers modifiers;
    struct addresses_room *room; /* for $path */
    bool any;                    /* something stands on the page already */
};

/* Reads the parameters that lists of the route's kind have. */
ERR_MUST_USE enum err_code listing_read(
    struct api_request *request, struct listing *listing, struct err *err);

/* Reads `assetIds` in both forms that are in use (repeated encoded objects, one encoded array) into
 * listing->asset_ids and the count of the filter. */
ERR_MUST_USE enum err_code listing_asset_ids(
    struct api_request *request, struct listing *listing, struct err *err);

/* Appends the page with its paging_metadata: one item for each identifiable, or with $path all
 * paths of each. */
ERR_MUST_USE enum err_code listing_write(struct api_request *request, struct listing *listing,
    struct registry_view *view, struct buf *buf, struct err *err);

#endif
