; Enough of TypeScript to see that the holes of templates stay its own.
[
  "as"
  "async"
  "await"
  "const"
  "export"
  "from"
  "import"
  "return"
] @keyword

(comment) @comment

(string) @string

(template_string) @string

(property_identifier) @property

(call_expression
  function: (identifier) @function)
