use super::{Case, Orthography, Token, TokenKind};

/// Tokens of the longest sentence: what goes on without a stop is a list or no text, and is cut.
const LONGEST: usize = 400;

/// Where the sentences of a block's tokens end, as indices one past each last token.
pub(super) fn ends(
    raw: &str,
    tokens: &[Token],
    folded: &str,
    spelling: &Orthography,
) -> Vec<usize> {
    let mut ends = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        if at - ends.last().copied().unwrap_or(0) >= LONGEST {
            ends.push(at);
        }
        if is_stop(raw, tokens, folded, spelling, at) {
            let mut end = at + 1;
            while end < tokens.len() && closes(raw, tokens, end) {
                end += 1;
            }
            if end == tokens.len() || may_start(raw, tokens, end) {
                ends.push(end);
            }
            at = end;
        } else {
            at += 1;
        }
    }
    if !tokens.is_empty() && ends.last() != Some(&tokens.len()) {
        ends.push(tokens.len());
    }
    ends
}

fn mark(raw: &str, token: Token) -> Option<char> {
    (token.kind == TokenKind::Mark).then(|| token.span.of(raw).chars().next())?
}

fn is_stop(raw: &str, tokens: &[Token], folded: &str, spelling: &Orthography, at: usize) -> bool {
    match mark(raw, tokens[at]) {
        Some('!' | '?' | '…' | '؟' | '。' | '۔' | '।') => true,
        Some('.') => {
            let Some(before) = at.checked_sub(1).map(|i| tokens[i]) else {
                return false;
            };
            if before.kind == TokenKind::Word && tokens[at].joined {
                let (start, end) = before.folded;
                let word = &folded[start as usize..end as usize];
                // An initial ("B. Caggins", "É.-U.") ends no sentence before a name.
                let initial = before.case == Case::Upper && word.chars().count() == 1;
                let joined_on = tokens.get(at + 1).is_some_and(|next| next.joined);
                return !(initial || joined_on || spelling.abbreviations.contains(word));
            }
            true
        }
        _ => false,
    }
}

/// Marks behind a full stop that still belong to its sentence.
fn closes(raw: &str, tokens: &[Token], at: usize) -> bool {
    match mark(raw, tokens[at]) {
        Some('.' | '!' | '?' | '…' | '»' | '”' | ')' | ']' | '’' | '*') => true,
        // A straight quote closes when it sticks to what is before it.
        Some('"') => tokens[at].joined,
        _ => false,
    }
}

/// Whether a sentence may start with this token: anything but a small letter.
fn may_start(raw: &str, tokens: &[Token], at: usize) -> bool {
    let next = tokens[at];
    match next.kind {
        TokenKind::Word => next.case != Case::Lower,
        TokenKind::Number => true,
        TokenKind::Mark => !matches!(mark(raw, next), Some(',' | ';' | ':' | '%')),
    }
}
