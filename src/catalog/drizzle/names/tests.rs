use super::foreign_key;
use crate::catalog::drizzle::Family;

/// As drizzle-kit 1.0 shortens them.
#[test]
fn long_names_of_foreign_keys_end_in_a_hash() {
    let column = "someVeryLongColumnKeyThatGoesOnAndOnForever";
    let name = |table: &str, column: &str| foreign_key(Family::Pg, table, column, "posts", "id");
    assert_eq!(name("users", column), "users_someVeryLongColumnKeyThatGoesOnAndOnForever_posts_id_fkey");
    assert_eq!(name("userss", column), "userss_niVr6Pt0AUOs_fkey");
    let long = "a_very_long_table_name_for_the_sake_of_names_and_more";
    assert_eq!(name(long, "id"), "0FHxWM5aiz2G_fkey");
}
