/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of the route table, included by api/routes.c: users and tokens. */
OWN(GET, "/whoami", whoami, SELF, "GetWhoAmI", NO_KIND),
    OWN(PUT, "/whoami/password", own_password_put, SELF, "PutOwnPassword", NO_KIND),
    OWN(GET, "/users", users_list, ADMINISTER, "GetAllUsers", NO_KIND),
    OWN(POST, "/users", user_post, ADMINISTER, "PostUser", NO_KIND),
    OWN(GET, "/users/{userName}", user_get, ADMINISTER, "GetUser", NO_KIND),
    OWN(PATCH, "/users/{userName}", user_patch, ADMINISTER, "PatchUser", NO_KIND),
    OWN(PUT, "/users/{userName}/password", user_password_put, ADMINISTER, "PutUserPassword",
        NO_KIND),
    OWN(GET, "/tokens", tokens_list, ADMINISTER, "GetAllTokens", NO_KIND),
    OWN(POST, "/tokens", token_post, ADMINISTER, "PostToken", NO_KIND),
    OWN(GET, "/tokens/{tokenName}", token_get, ADMINISTER, "GetToken", NO_KIND),
    OWN(DELETE, "/tokens/{tokenName}", token_delete, ADMINISTER, "DeleteToken", NO_KIND),
