use super::*;

#[test]
fn categories() {
    assert_eq!(all().count(), 494);
    assert_eq!(keyword("SELECT").map(|it| it.category), Some(Category::Reserved));
    assert_eq!(keyword("name").map(|it| it.category), Some(Category::Unreserved));
    assert_eq!(keyword("year").map(|it| it.bare_label), Some(false));
    assert!(needs_quotes("user") && needs_quotes("left") && needs_quotes("values"));
    assert!(!needs_quotes("name") && !needs_quotes("users"));
}
