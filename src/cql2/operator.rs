/// An enum of operators, each with its name in CQL2-JSON.
macro_rules! operators {
    ($(#[$about:meta])* $kind:ident { $($(#[$doc:meta])* $operator:ident = $name:literal,)+ }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $kind {
            $($(#[$doc])* $operator,)+
        }

        impl $kind {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$operator),+];

            /// Its name, as CQL2-JSON spells it; CQL2-Text takes it in any case.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$operator => $name,)+
                }
            }

            /// The one of this name, in any case.
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|operator| operator.name().eq_ignore_ascii_case(name))
            }
        }
    };
}

operators! {
    /// How two values compare.
    Comparison {
        /// The same.
        Equal = "=",
        /// Not the same.
        NotEqual = "<>",
        /// Smaller.
        Less = "<",
        /// Smaller or the same.
        LessOrEqual = "<=",
        /// Greater.
        Greater = ">",
        /// Greater or the same.
        GreaterOrEqual = ">=",
    }
}

operators! {
    /// How the first geometry lies to the second (OGC Simple Features).
    SpatialOperator {
        /// They share a point.
        Intersects = "s_intersects",
        /// They cover the same points.
        Equals = "s_equals",
        /// They share no point.
        Disjoint = "s_disjoint",
        /// Only their boundaries meet.
        Touches = "s_touches",
        /// The first lies in the second.
        Within = "s_within",
        /// Each has a part of the other, of the same dimension.
        Overlaps = "s_overlaps",
        /// The first goes through the second.
        Crosses = "s_crosses",
        /// The second lies in the first.
        Contains = "s_contains",
    }
}

operators! {
    /// How the first time lies to the second (Allen's relations, and two that combine them).
    TemporalOperator {
        /// It begins after the other ends.
        After = "t_after",
        /// It ends before the other begins.
        Before = "t_before",
        /// It begins before and ends after the other.
        Contains = "t_contains",
        /// They share no moment.
        Disjoint = "t_disjoint",
        /// It begins after and ends before the other.
        During = "t_during",
        /// They begin and end together.
        Equals = "t_equals",
        /// It begins before the other; they end together.
        FinishedBy = "t_finishedBy",
        /// It begins after the other; they end together.
        Finishes = "t_finishes",
        /// They share a moment.
        Intersects = "t_intersects",
        /// It ends when the other begins.
        Meets = "t_meets",
        /// It begins when the other ends.
        MetBy = "t_metBy",
        /// It begins in the other and ends after it.
        OverlappedBy = "t_overlappedBy",
        /// It begins before the other and ends in it.
        Overlaps = "t_overlaps",
        /// They begin together; it ends after the other.
        StartedBy = "t_startedBy",
        /// They begin together; it ends before the other.
        Starts = "t_starts",
    }
}

operators! {
    /// What the first list has of the second.
    ArrayOperator {
        /// The same elements.
        Equals = "a_equals",
        /// All elements of the second, and maybe others.
        Contains = "a_contains",
        /// No element that the second has not.
        ContainedBy = "a_containedBy",
        /// An element of the second.
        Overlaps = "a_overlaps",
    }
}

operators! {
    /// How a number is reckoned from two.
    ArithmeticOperator {
        /// The sum.
        Add = "+",
        /// The difference.
        Subtract = "-",
        /// The product.
        Multiply = "*",
        /// The quotient.
        Divide = "/",
        /// The first to the power of the second.
        Power = "^",
        /// What is left over by a division in whole numbers.
        Modulo = "%",
        /// The quotient in whole numbers.
        IntegerDivide = "div",
    }
}

impl ArithmeticOperator {
    /// How strongly it binds, from 1 on.
    pub(super) const fn strength(self) -> u8 {
        match self {
            Self::Add | Self::Subtract => 1,
            Self::Multiply | Self::Divide | Self::Modulo | Self::IntegerDivide => 2,
            Self::Power => 3,
        }
    }
}

/// Names that CQL2-JSON gives to what the other enums do not hold.
const OTHERS: [&str; 9] = [
    "and", "or", "not", "between", "in", "like", "isNull", "casei", "accenti",
];

/// Whether an operator of the standard has the name, so that no function can.
pub(super) fn is_operator(name: &str) -> bool {
    OTHERS.iter().any(|other| other.eq_ignore_ascii_case(name))
        || Comparison::from_name(name).is_some()
        || SpatialOperator::from_name(name).is_some()
        || TemporalOperator::from_name(name).is_some()
        || ArrayOperator::from_name(name).is_some()
        || ArithmeticOperator::from_name(name).is_some()
}
