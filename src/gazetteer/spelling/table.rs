/// What is wrong with a file of spelling rules.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {message}")]
pub(in crate::gazetteer) struct SpellingError {
    /// Path in the repository.
    pub(in crate::gazetteer) file: String,
    /// Line, counted from 1.
    pub(in crate::gazetteer) line: usize,
    /// What was expected.
    pub(in crate::gazetteer) message: String,
}

/// The rows of a tab-separated table below its header, with their line numbers; lines that begin with `#`
/// and empty ones are left out. Missing columns at the end of a row are empty.
pub(super) fn rows<'a, const N: usize>(
    file: &str,
    table: &'a str,
) -> Result<Vec<(usize, [&'a str; N])>, SpellingError> {
    let mut rows = Vec::new();
    let lines = table.lines().enumerate();
    for (index, line) in lines
        .filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'))
        .skip(1)
    {
        let mut columns = [""; N];
        let mut fields = line.split('\t').map(str::trim);
        for (column, field) in columns.iter_mut().zip(fields.by_ref()) {
            *column = field;
        }
        if fields.next().is_some() || columns[0].is_empty() {
            return Err(SpellingError {
                file: file.to_owned(),
                line: index + 1,
                message: format!("{N} tab-separated columns are expected"),
            });
        }
        rows.push((index + 1, columns));
    }
    Ok(rows)
}

/// `-` stands for nothing, where an empty column would look forgotten.
pub(super) fn or_nothing(field: &str) -> &str {
    if field == "-" { "" } else { field }
}
