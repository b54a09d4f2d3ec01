//! The grammar's node and field names as small enums, looked up by number.

use std::num::NonZeroU16;
use std::sync::LazyLock;

use tree_sitter::Language;

use crate::ts::Flavor;

macro_rules! names {
    ($(#[$doc:meta])* $enum_:ident { $($variant:ident = $name:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $enum_ { Unknown, $($variant),* }
        impl $enum_ {
            fn from_name(name: &str) -> $enum_ {
                match name { $($name => $enum_::$variant,)* _ => $enum_::Unknown }
            }
        }
    };
}

names! {
    /// Names of nodes; anonymous tokens have a leading `'`.
    Kind {
        Error = "ERROR", Comment = "comment", Program = "program",
        // Expressions.
        Identifier = "identifier", This = "this", Super = "super", Number = "number", String = "string",
        TemplateString = "template_string", Regex = "regex", True = "true", False = "false", Null = "null",
        Undefined = "undefined", Array = "array", Object = "object", Arrow = "arrow_function",
        FunctionExpression = "function_expression", GeneratorFunction = "generator_function", Class = "class",
        Parenthesized = "parenthesized_expression", Subscript = "subscript_expression",
        Member = "member_expression", MetaProperty = "meta_property", Call = "call_expression",
        New = "new_expression", Assignment = "assignment_expression",
        AugmentedAssignment = "augmented_assignment_expression", Await = "await_expression",
        Binary = "binary_expression", Ternary = "ternary_expression", Unary = "unary_expression",
        Update = "update_expression", Yield = "yield_expression", As = "as_expression",
        Satisfies = "satisfies_expression", NonNull = "non_null_expression",
        Instantiation = "instantiation_expression", TypeAssertion = "type_assertion",
        Sequence = "sequence_expression", JsxElement = "jsx_element", JsxFragment = "jsx_fragment",
        JsxSelfClosing = "jsx_self_closing_element",
        JsxClosing = "jsx_closing_element", JsxNamespace = "jsx_namespace_name", SpreadElement = "spread_element", Import = "import",
        Substitution = "template_substitution", PropertyIdentifier = "property_identifier",
        PrivateProperty = "private_property_identifier", Shorthand = "shorthand_property_identifier",
        Pair = "pair", Method = "method_definition", ComputedName = "computed_property_name",
        Arguments = "arguments", TypeArguments = "type_arguments", OptionalChain = "optional_chain",
        RegexPattern = "regex_pattern", StringFragment = "string_fragment", Escape = "escape_sequence",
        // Statements.
        Block = "statement_block", ExpressionStatement = "expression_statement",
        Lexical = "lexical_declaration", Variable = "variable_declaration", Declarator = "variable_declarator",
        FunctionDeclaration = "function_declaration", GeneratorDeclaration = "generator_function_declaration",
        FunctionSignature = "function_signature", ClassDeclaration = "class_declaration",
        AbstractClass = "abstract_class_declaration", ClassBody = "class_body", ClassHeritage = "class_heritage",
        ExtendsClause = "extends_clause", ImplementsClause = "implements_clause",
        FieldDefinition = "public_field_definition", StaticBlock = "class_static_block", Decorator = "decorator",
        Enum = "enum_declaration", EnumBody = "enum_body", EnumAssignment = "enum_assignment",
        ImportStatement = "import_statement", ImportClause = "import_clause", NamedImports = "named_imports",
        ImportSpecifier = "import_specifier", NamespaceImport = "namespace_import",
        ImportRequire = "import_require_clause", ImportAlias = "import_alias",
        ExportStatement = "export_statement", ExportClause = "export_clause",
        ExportSpecifier = "export_specifier", NamespaceExport = "namespace_export",
        Ambient = "ambient_declaration", InternalModule = "internal_module", ModuleDeclaration = "module",
        Return = "return_statement", ForIn = "for_in_statement", For = "for_statement",
        Catch = "catch_clause", If = "if_statement", Else = "else_clause", While = "while_statement",
        Do = "do_statement", Try = "try_statement", Finally = "finally_clause", Switch = "switch_statement",
        SwitchBody = "switch_body", SwitchCase = "switch_case", SwitchDefault = "switch_default",
        Throw = "throw_statement", Labeled = "labeled_statement", With = "with_statement",
        Empty = "empty_statement", TypeAlias = "type_alias_declaration", Interface = "interface_declaration",
        // Patterns and parameters.
        FormalParameters = "formal_parameters", RequiredParameter = "required_parameter",
        OptionalParameter = "optional_parameter", ObjectPattern = "object_pattern",
        ArrayPattern = "array_pattern", RestPattern = "rest_pattern", PairPattern = "pair_pattern",
        AssignmentPattern = "assignment_pattern", ObjectAssignment = "object_assignment_pattern",
        ShorthandPattern = "shorthand_property_identifier_pattern", TypeAnnotation = "type_annotation",
        TypeParameters = "type_parameters", TypeIdentifier = "type_identifier",
        // Tokens.
        TokConst = "'const", TokLet = "'let", TokVar = "'var", TokFunction = "'function", TokClass = "'class",
        TokExport = "'export", TokDefault = "'default", TokAsync = "'async", TokGet = "'get", TokSet = "'set",
        TokAs = "'as", TokSatisfies = "'satisfies", TokBackquote = "'`", TokType = "'type", TokStar = "'*",
        TokEquals = "'=", TokComma = "',", TokTypeof = "'typeof", TokEnum = "'enum", TokDelete = "'delete", TokNamespace = "'namespace",
        TokOptional = "'?.",
    }
}

names! {
    Field {
        Function = "function", Arguments = "arguments", TypeArguments = "type_arguments", Object = "object",
        Property = "property", Index = "index", OptionalChain = "optional_chain", Left = "left", Right = "right",
        Operator = "operator", Argument = "argument", Condition = "condition", Consequence = "consequence",
        Alternative = "alternative", Constructor = "constructor", Key = "key", Value = "value", Name = "name",
        Body = "body", Parameters = "parameters", Parameter = "parameter", Pattern = "pattern", Type = "type",
        Kind = "kind", Source = "source", Alias = "alias", Declaration = "declaration",
    }
}

pub struct Tables {
    kinds: Vec<Kind>,
    fields: Vec<Field>,
}

impl Tables {
    fn new(language: &Language) -> Tables {
        let kinds = (0..language.node_kind_count() as u16)
            .map(|id| match language.node_kind_for_id(id) {
                Some(name) if language.node_kind_is_named(id) => Kind::from_name(name),
                Some(name) => Kind::from_name(&format!("'{name}")),
                None => Kind::Unknown,
            })
            .collect();
        let fields = (0..=language.field_count() as u16)
            .map(|id| language.field_name_for_id(id).map_or(Field::Unknown, Field::from_name))
            .collect();
        Tables { kinds, fields }
    }

    pub fn kind(&self, id: u16) -> Kind {
        self.kinds.get(usize::from(id)).copied().unwrap_or(Kind::Unknown)
    }

    pub fn field(&self, id: Option<NonZeroU16>) -> Field {
        id.and_then(|id| self.fields.get(usize::from(id.get())).copied()).unwrap_or(Field::Unknown)
    }
}

pub fn language(flavor: Flavor) -> Language {
    match flavor {
        Flavor::TypeScript => tree_sitter_typescript::LANGUAGE_TYPESCRIPT.into(),
        Flavor::Tsx => tree_sitter_typescript::LANGUAGE_TSX.into(),
    }
}

pub fn tables(flavor: Flavor) -> &'static Tables {
    static TYPESCRIPT: LazyLock<Tables> = LazyLock::new(|| Tables::new(&language(Flavor::TypeScript)));
    static TSX: LazyLock<Tables> = LazyLock::new(|| Tables::new(&language(Flavor::Tsx)));
    match flavor {
        Flavor::TypeScript => &TYPESCRIPT,
        Flavor::Tsx => &TSX,
    }
}

impl Kind {
    pub fn is_expression(self) -> bool {
        use Kind::*;
        matches!(
            self,
            Identifier
                | This
                | Super
                | Number
                | String
                | TemplateString
                | Regex
                | True
                | False
                | Null
                | Undefined
                | Array
                | Object
                | Arrow
                | FunctionExpression
                | GeneratorFunction
                | Class
                | Parenthesized
                | Subscript
                | Member
                | MetaProperty
                | Call
                | New
                | Assignment
                | AugmentedAssignment
                | Await
                | Binary
                | Ternary
                | Unary
                | Update
                | Yield
                | As
                | Satisfies
                | NonNull
                | Instantiation
                | TypeAssertion
                | Sequence
                | JsxElement
                | JsxFragment
                | JsxSelfClosing
                | SpreadElement
        )
    }

    pub fn is_statement(self) -> bool {
        use Kind::*;
        matches!(
            self,
            Block
                | ExpressionStatement
                | Lexical
                | Variable
                | FunctionDeclaration
                | GeneratorDeclaration
                | FunctionSignature
                | ClassDeclaration
                | AbstractClass
                | Enum
                | ImportStatement
                | ExportStatement
                | Ambient
                | InternalModule
                | ModuleDeclaration
                | Return
                | ForIn
                | For
                | If
                | While
                | Do
                | Try
                | Switch
                | Throw
                | Labeled
                | With
                | Empty
                | TypeAlias
                | Interface
                | ImportAlias
        )
    }

    /// Parts of a tree without any expression in them.
    pub fn is_type(self) -> bool {
        use Kind::*;
        matches!(
            self,
            TypeAnnotation
                | TypeArguments
                | TypeParameters
                | TypeIdentifier
                | TypeAlias
                | Interface
                | ImplementsClause
        )
    }
}
