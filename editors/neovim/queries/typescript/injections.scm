; extends

; The pieces of a template between its holes are one piece of SQL; the holes stay TypeScript. Neovim 0.10 takes only the
; last of several captures: there each piece is a piece of SQL of its own.
; sql`…`
((call_expression
  function: [
    (identifier) @_tag
    (member_expression
      property: (property_identifier) @_tag)
  ]
  arguments: (template_string
    [
      (string_fragment) @injection.content
      (escape_sequence) @injection.content
      (template_substitution)
    ]+))
  (#eq? @_tag "sql")
  (#columnist-pieces? "joined")
  (#set! injection.language "sql"))

((call_expression
  function: [
    (identifier) @_tag
    (member_expression
      property: (property_identifier) @_tag)
  ]
  arguments: (template_string
    (string_fragment) @injection.content))
  (#eq? @_tag "sql")
  (#columnist-pieces? "single")
  (#set! injection.language "sql"))

; sql<T>`…`, which the parser reads as comparisons
((template_string
  [
    (string_fragment) @injection.content
    (escape_sequence) @injection.content
    (template_substitution)
  ]+) @_template
  (#columnist-pieces? "joined")
  (#columnist-typed-sql? @_template)
  (#set! injection.language "sql"))

((template_string
  (string_fragment) @injection.content) @_template
  (#columnist-pieces? "single")
  (#columnist-typed-sql? @_template)
  (#set! injection.language "sql"))

; sql.raw('…')
((call_expression
  function: (member_expression
    object: (identifier) @_tag
    property: (property_identifier) @_raw)
  arguments: (arguments
    [
      (template_string
        [
          (string_fragment) @injection.content
          (escape_sequence) @injection.content
          (template_substitution)
        ]+)
      (string
        [
          (string_fragment)
          (escape_sequence)
        ]+ @injection.content)
    ]))
  (#eq? @_tag "sql")
  (#eq? @_raw "raw")
  (#columnist-pieces? "joined")
  (#set! injection.language "sql"))

((call_expression
  function: (member_expression
    object: (identifier) @_tag
    property: (property_identifier) @_raw)
  arguments: (arguments
    [
      (template_string
        (string_fragment) @injection.content)
      (string
        (string_fragment) @injection.content)
    ]))
  (#eq? @_tag "sql")
  (#eq? @_raw "raw")
  (#columnist-pieces? "single")
  (#set! injection.language "sql"))

; arktype's definitions are expressions of TypeScript: type('string.email'), type({ 'age?': 'number > 0' })
((string
  (string_fragment) @injection.content) @_string
  (#columnist-arktype? @_string)
  (#set! injection.language "typescript"))
