; Enough of SQL to see that templates are coloured.
[
  (keyword_as)
  (keyword_by)
  (keyword_desc)
  (keyword_from)
  (keyword_group)
  (keyword_insert)
  (keyword_into)
  (keyword_join)
  (keyword_on)
  (keyword_order)
  (keyword_select)
  (keyword_values)
  (keyword_where)
] @keyword

(literal) @string

(identifier) @variable
