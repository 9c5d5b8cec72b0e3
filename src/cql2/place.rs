use super::Expression;

/// What the grammar asks for at a place. A property or a function can stand for anything but a pattern,
/// because what it holds is not known here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Something true or false.
    Condition,
    /// A value that can be compared.
    Scalar,
    /// An operand of arithmetic.
    Number,
    /// What can be compared without case or accents.
    Text,
    /// What comes after `LIKE`.
    Pattern,
    /// An operand of a spatial operator.
    Geometry,
    /// An operand of a temporal operator.
    Time,
    /// An end of an interval.
    Instant,
    /// An operand of an array operator.
    List,
    /// What can be missing.
    Nullable,
    /// An element of a list or an argument of a function.
    Any,
}

/// What an expression is, as far as the grammar tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Unknown,
    Condition,
    Boolean,
    Text,
    Number,
    Instant,
    Interval,
    Geometry,
    List,
}

impl Place {
    pub(super) fn admits(self, expression: &Expression) -> bool {
        let kind = kind(expression);
        match self {
            Self::Any => true,
            Self::Pattern => is_pattern(expression),
            Self::Nullable => kind != Kind::List,
            _ if kind == Kind::Unknown => true,
            Self::Condition => matches!(kind, Kind::Condition | Kind::Boolean),
            Self::Scalar => matches!(
                kind,
                Kind::Boolean | Kind::Text | Kind::Number | Kind::Instant
            ),
            Self::Number => kind == Kind::Number,
            Self::Text => kind == Kind::Text,
            Self::Geometry => kind == Kind::Geometry,
            Self::Time => matches!(kind, Kind::Instant | Kind::Interval),
            Self::Instant => kind == Kind::Instant,
            Self::List => kind == Kind::List,
        }
    }

    /// For messages.
    pub(super) const fn expected(self) -> &'static str {
        match self {
            Self::Condition => "a condition",
            Self::Scalar => "a text, a number, a truth value, a date, a timestamp or a property",
            Self::Number => "a number or a property",
            Self::Text => "a text or a property",
            Self::Pattern => "a pattern that is written out",
            Self::Geometry => "a geometry or a property",
            Self::Time => "a date, a timestamp, an interval or a property",
            Self::Instant => "a date, a timestamp, \"..\" or a property",
            Self::List => "a list or a property",
            Self::Nullable => "a value or a property",
            Self::Any => "a value",
        }
    }
}

/// For messages.
pub(super) fn described(expression: &Expression) -> &'static str {
    match kind(expression) {
        Kind::Unknown if matches!(expression, Expression::Property(_)) => "a property",
        Kind::Unknown => "a function",
        Kind::Condition => "a condition",
        Kind::Boolean => "a truth value",
        Kind::Text => "a text",
        Kind::Number => "a number",
        Kind::Instant if matches!(expression, Expression::Date(_)) => "a date",
        Kind::Instant => "a timestamp",
        Kind::Interval => "an interval",
        Kind::Geometry => "a geometry",
        Kind::List => "a list",
    }
}

/// Whether parentheses around it only group: around anything else they make a list of one.
pub(super) fn can_be_grouped(expression: &Expression) -> bool {
    matches!(
        kind(expression),
        Kind::Unknown | Kind::Condition | Kind::Boolean | Kind::Number
    )
}

fn is_pattern(expression: &Expression) -> bool {
    match expression {
        Expression::Text(_) => true,
        Expression::Casei(inner) | Expression::Accenti(inner) => is_pattern(inner),
        _ => false,
    }
}

fn kind(expression: &Expression) -> Kind {
    match expression {
        Expression::Property(_) | Expression::Function { .. } => Kind::Unknown,
        Expression::And(_)
        | Expression::Or(_)
        | Expression::Not(_)
        | Expression::Compare(..)
        | Expression::Between { .. }
        | Expression::In { .. }
        | Expression::Like { .. }
        | Expression::IsNull(_)
        | Expression::Spatial(..)
        | Expression::Temporal(..)
        | Expression::Array(..) => Kind::Condition,
        Expression::Boolean(_) => Kind::Boolean,
        Expression::Text(_) | Expression::Casei(_) | Expression::Accenti(_) => Kind::Text,
        Expression::Number(_) | Expression::Arithmetic(..) => Kind::Number,
        Expression::Date(_) | Expression::Timestamp(_) => Kind::Instant,
        Expression::Interval { .. } => Kind::Interval,
        Expression::Geometry(_) | Expression::BBox(_) => Kind::Geometry,
        Expression::List(_) => Kind::List,
    }
}
