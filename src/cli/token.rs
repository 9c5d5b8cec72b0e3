use std::fmt::Write as _;
use std::process::ExitCode;

use anyhow::bail;
use clap::{Args, Subcommand};
use jiff::Timestamp;
use jiff::civil::Date;
use sitmap::domain::Scope;
use sitmap::store::{self, Location, Token};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Make a token and print it: it is shown this once, and the store keeps its hash alone.
    Create(Create),
    /// List the tokens of a store.
    List(Of),
    /// Have services refuse a token, a second later at most.
    Revoke(Revoke),
}

/// Which store.
#[derive(Debug, Args)]
pub(super) struct Of {
    /// The store that the token is for; every service on it knows the token
    #[arg(
        long,
        value_name = "STORE",
        default_value = super::STORE,
        env = "SITMAP_STORE",
        hide_env_values = true,
        value_parser = super::location()
    )]
    store: Location,
}

#[derive(Debug, Args)]
pub(super) struct Create {
    #[command(flatten)]
    of: Of,
    /// Who or what it is for; no other valid token has this name
    #[arg(long)]
    name: String,
    /// What its bearer may do: read; write, which is sending articles, too; or admin, which is all
    #[arg(long, value_name = "read|write|admin")]
    scope: Scope,
    /// The last day (UTC) on which it is valid; for ever if not said
    #[arg(long, value_name = "DATE")]
    expires: Option<Date>,
}

#[derive(Debug, Args)]
pub(super) struct Revoke {
    #[command(flatten)]
    of: Of,
    /// Its name or its id, as `sitmap token list` shows them
    #[arg(value_name = "NAME|ID")]
    token: String,
}

pub(super) fn run(command: &Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Create(options) => create(options),
        Command::List(of) => list(of),
        Command::Revoke(options) => revoke(options),
    }
}

fn create(options: &Create) -> anyhow::Result<ExitCode> {
    let now = Timestamp::now();
    let made = Token::create(&options.name, options.scope, options.expires, now)?;
    let mut store = store::open(&options.of.store)?;
    store.add_token(&made.token)?;
    eprintln!(
        "token {} ({}, scope {}) of {}: keep it, it is not shown again",
        made.token.id, made.token.name, made.token.scope, options.of.store
    );
    super::print(&format!("{}\n", made.secret))
}

fn list(of: &Of) -> anyhow::Result<ExitCode> {
    let tokens = store::open_to_read(&of.store)?.tokens()?;
    super::print(&table(&tokens, Timestamp::now()))
}

fn table(tokens: &[Token], now: Timestamp) -> String {
    let width = tokens
        .iter()
        .map(|token| token.name.chars().count())
        .fold(4, usize::max);
    let mut table = format!(
        "{:<8}  {:<width$}  {:<5}  {:<20}  {:<10}  state\n",
        "id", "name", "scope", "created", "expires"
    );
    for token in tokens {
        let state = match token.revoked {
            Some(time) => format!("revoked {time:.0}"),
            None if token.is_valid(now) => "valid".to_owned(),
            None => "expired".to_owned(),
        };
        let expires = token
            .expires
            .map_or("never".to_owned(), |day| day.to_string());
        let created = format!("{:.0}", token.created);
        // Writing to a string cannot fail.
        let _ = writeln!(
            table,
            "{:<8}  {:<width$}  {:<5}  {created:<20}  {expires:<10}  {state}",
            token.id,
            token.name,
            token.scope.name(),
        );
    }
    table
}

fn revoke(options: &Revoke) -> anyhow::Result<ExitCode> {
    let at = &options.of.store;
    // Opening it to write would make one where there is none.
    store::open_to_read(at)?;
    let revoked = store::open(at)?.revoke_token(&options.token, Timestamp::now())?;
    let Some(token) = revoked else {
        bail!(
            "{at} has no token {:?} that is not revoked: `sitmap token list` shows them",
            options.token
        );
    };
    super::print(&format!("token {} ({}) is revoked\n", token.id, token.name))
}
