//! The form that features are chosen by. It is sent as a plain query.

use maud::{Markup, html};

use super::{Entry, Field, Form};

/// The fields that every collection has, with what they are at present.
pub(super) fn usual<'a>(present: impl Fn(&str) -> Option<&'a str>, most: usize) -> Vec<Field> {
    [
        ("q", "Words", "such as airport, air base"),
        (
            "datetime",
            "When",
            "a day, 2019-10-16, or from and to, 2019-10-09/2019-10-22",
        ),
        (
            "bbox",
            "Where",
            "west, south, east, north: 35.7,32.3,42.4,37.3",
        ),
        ("filter", "Condition", "in CQL2, such as confidence > 0.8"),
        (
            "sortby",
            "Order",
            "by a property; with - before it, the other way round: -date",
        ),
        ("limit", "On a page", "how many features"),
    ]
    .into_iter()
    .map(|(name, label, hint)| Field {
        name: name.to_owned(),
        label: label.to_owned(),
        hint: hint.to_owned(),
        value: present(name).unwrap_or_default().to_owned(),
        entry: if name == "limit" {
            Entry::UpTo(most)
        } else {
            Entry::Text
        },
    })
    .collect()
}

/// The form; open when it has chosen already.
pub(super) fn form(form: &Form) -> Markup {
    let chosen = form.fields.iter().any(|field| !field.value.is_empty());
    html! {
        details.filter open[chosen] {
            summary { "Filter, search and sort" }
            form method="get" action=(form.action) {
                @for (name, value) in &form.kept { input type="hidden" name=(name) value=(value); }
                @for one in &form.fields { (field(one)) }
                div.actions {
                    button.button.is-first type="submit" { "Show" }
                    @if chosen { a.button href=(form.action) { "Clear" } }
                }
            }
        }
    }
}

fn field(field: &Field) -> Markup {
    let id = format!("field-{}", field.name);
    let hint = format!("hint-{}", field.name);
    let described = (!field.hint.is_empty()).then_some(&hint);
    html! {
        div.field {
            label for=(id) { (field.label) }
            @match &field.entry {
                Entry::Text => {
                    input type="text" id=(id) name=(field.name) value=(field.value) aria-describedby=[described]
                        autocomplete="off" autocapitalize="none" spellcheck="false";
                }
                Entry::UpTo(most) => {
                    input type="number" id=(id) name=(field.name) value=(field.value) aria-describedby=[described]
                        min="1" max=(most);
                }
                Entry::OneOf(choices) => {
                    select id=(id) name=(field.name) aria-describedby=[described] {
                        option value="" { "any" }
                        @for choice in choices {
                            option value=(choice) selected[*choice == field.value] { (choice) }
                        }
                    }
                }
            }
            @if let Some(id) = described { small id=(id) { (field.hint) } }
        }
    }
}
