use super::Casing;

/// Outputs of drizzle-orm 0.45.4's `toSnakeCase` and `toCamelCase`.
#[test]
fn keys_become_the_names_that_drizzle_makes() {
    for (key, snake, camel) in [
        ("fullName", "full_name", "fullName"),
        ("URLPath", "url_path", "urlPath"),
        ("oauth2Token", "oauth2_token", "oauth2Token"),
        ("html5", "html5", "html5"),
        ("aB", "a_b", "aB"),
        ("v2Id", "v2_id", "v2Id"),
        ("userID2", "user_id_2", "userID2"),
        ("OAuthToken", "o_auth_token", "oAuthToken"),
        ("created_at", "created_at", "createdAt"),
        ("ID", "id", "id"),
        ("userID", "user_id", "userID"),
    ] {
        assert_eq!(Casing::Snake.apply(key), snake, "{key}");
        assert_eq!(Casing::Camel.apply(key), camel, "{key}");
        assert_eq!(Casing::Keep.apply(key), key);
    }
}
