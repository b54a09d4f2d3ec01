use super::*;

#[test]
fn folding_quoting_truncation() {
    assert_eq!(Ident::from_source("UserId").as_str(), "userid");
    assert_eq!(Ident::from_source("\"User\"\"Id\"").as_str(), "User\"Id");
    assert_eq!(Ident::from_source("U&\"d\\0061t\\+000061\"").as_str(), "data");
    assert_eq!(Ident::from_source("É").as_str(), "É");
    assert_eq!(Ident::from_source(&"é".repeat(40)).as_str().len(), 62);
    assert_eq!(Ident::new("user").quoted(), "\"user\"");
    assert_eq!(Ident::new("createdAt").quoted(), "\"createdAt\"");
    assert_eq!(Ident::new("created_at").quoted(), "created_at");
    assert_eq!(Ident::from_source(&Ident::new("a\"b").quoted()), Ident::new("a\"b"));
}
