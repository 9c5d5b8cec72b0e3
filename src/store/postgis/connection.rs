use std::time::{Duration, Instant};

use postgres::fallible_iterator::FallibleIterator as _;
use postgres::{Client, NoTls};

use super::schema::{self, Access};
use super::{Address, error};
use crate::store::StoreError;

/// How long a database that is away is left alone, the first time and at most.
const BACKOFF: (Duration, Duration) = (Duration::from_millis(250), Duration::from_secs(5));

/// A connection that is made anew when it was lost.
pub(super) struct Connection {
    address: Address,
    access: Access,
    client: Option<Client>,
    /// How many connections there were: what was begun in another one than this is gone.
    session: u64,
    /// Until when the database is left alone, after how many failures, and what the last of them was.
    away: Option<(Instant, u32, String)>,
    /// How many iterators share the transaction that is open.
    readers: usize,
    is_listening: bool,
    /// Whether all is read in the one transaction that is open.
    is_frozen: bool,
}

impl Connection {
    pub(super) fn open(address: &Address, access: Access) -> Result<Self, StoreError> {
        let mut connection = Self {
            address: address.clone(),
            access,
            client: None,
            session: 0,
            away: None,
            readers: 0,
            is_listening: false,
            is_frozen: false,
        };
        let mut client = connection.connect()?;
        if access == Access::Write {
            schema::create(&mut client, address)?;
        }
        schema::check(&mut client, address, access)?;
        connection.take(client);
        Ok(connection)
    }

    fn connect(&self) -> Result<Client, StoreError> {
        let (config, security) = self.address.config()?;
        let connected = match security.connector()? {
            Some(tls) => config.connect(tls),
            None => config.connect(NoTls),
        };
        connected.map_err(|cause| error::of(&self.address, &cause))
    }

    fn take(&mut self, client: Client) -> &mut Client {
        self.session += 1;
        self.readers = 0;
        self.is_listening = false;
        self.away = None;
        self.client.insert(client)
    }

    /// The connection, made anew where it was lost: at once the first time, then each time after a longer pause. In the
    /// pause the answer is an error, so that nobody waits for a database that is away.
    pub(super) fn client(&mut self) -> Result<&mut Client, StoreError> {
        if let Some(client) = self.client.take().filter(|client| !client.is_closed()) {
            return Ok(self.client.insert(client));
        }
        if self.is_frozen {
            // Another connection would show another moment.
            return Err(lost_while_read(&self.address));
        }
        self.lost();
        if let Some((until, _, message)) = &self.away
            && Instant::now() < *until
        {
            return Err(StoreError::Away {
                store: self.address.location(),
                message: message.clone(),
            });
        }
        let client = self.connect().and_then(|mut client| {
            // Never made anew here: a store that is gone is an error, and not an empty store.
            schema::check(&mut client, &self.address, self.access)?;
            Ok(client)
        });
        let client = client.inspect_err(|error| self.leave_alone(error))?;
        Ok(self.take(client))
    }

    fn leave_alone(&mut self, error: &StoreError) {
        let failures = self.away.as_ref().map_or(0, |(_, failures, _)| *failures);
        let pause = BACKOFF.0 * 2_u32.saturating_pow(failures.min(8));
        let until = Instant::now() + pause.min(BACKOFF.1);
        let message = match error {
            StoreError::Away { message, .. } => message.clone(),
            other => other.to_string(),
        };
        self.away = Some((until, failures + 1, message));
    }

    /// What a failure means; a connection that is lost is given up.
    pub(super) fn failed(&mut self, cause: &postgres::Error) -> StoreError {
        let error = error::of(&self.address, cause);
        if matches!(error, StoreError::Away { .. }) {
            self.lost();
        }
        error
    }

    /// Gives the connection up.
    pub(super) fn lost(&mut self) {
        self.client = None;
        self.readers = 0;
    }

    /// Asks something that changes nothing: once more over a new connection, where the old one turns out to be lost.
    pub(super) fn ask<T>(
        &mut self,
        mut question: impl FnMut(&mut Client) -> Result<T, postgres::Error>,
    ) -> Result<T, StoreError> {
        let first = match question(self.client()?) {
            Ok(answer) => return Ok(answer),
            Err(cause) => self.failed(&cause),
        };
        if !matches!(first, StoreError::Away { .. }) {
            return Err(first);
        }
        question(self.client()?).map_err(|cause| self.failed(&cause))
    }

    /// Changes something: a connection that was lost before is made anew, and what lost its answer is not sent again.
    pub(super) fn change<T>(
        &mut self,
        change: impl FnOnce(&mut Client) -> Result<T, postgres::Error>,
    ) -> Result<T, StoreError> {
        self.ask(|client| client.batch_execute(""))?;
        change(self.client()?).map_err(|cause| self.failed(&cause))
    }

    /// Joins the transaction of those who read, or begins it; tells which connection it is in.
    pub(super) fn begin_reading(&mut self) -> Result<u64, StoreError> {
        if self.readers == 0 {
            self.ask(|client| {
                client.batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            })?;
        }
        self.readers += 1;
        Ok(self.session)
    }

    /// Leaves the transaction of those who read; the last one ends it.
    pub(super) fn end_reading(&mut self, session: u64) {
        if session != self.session || self.readers == 0 {
            return;
        }
        self.readers -= 1;
        if self.readers == 0
            && let Some(client) = &mut self.client
            && client.batch_execute("ROLLBACK").is_err()
        {
            // Nothing was written. A new connection begins without a transaction.
            self.lost();
        }
    }

    /// Has all that is read from now on be as it stands now.
    pub(super) fn freeze(&mut self) -> Result<(), StoreError> {
        self.begin_reading()?;
        // A transaction begins to see with the first thing that it asks.
        self.ask(|client| client.batch_execute("SELECT FROM state"))?;
        self.is_frozen = true;
        Ok(())
    }

    /// The connection that something was begun in, if it is still there.
    pub(super) fn same(&mut self, session: u64) -> Result<&mut Client, StoreError> {
        match &mut self.client {
            Some(client) if self.session == session => Ok(client),
            _ => Err(lost_while_read(&self.address)),
        }
    }

    /// Waits until a change is told of, or the time is over. The first time, and over each new connection, it only begins
    /// to listen: what was changed before it, nobody tells.
    pub(super) fn wait(&mut self, time: Duration) -> Result<(), StoreError> {
        self.client()?;
        if !self.is_listening {
            self.ask(|client| client.batch_execute("LISTEN sitmap"))?;
            self.is_listening = true;
            return Ok(());
        }
        let client = self.client()?;
        let mut notifications = client.notifications();
        let mut told = notifications.timeout_iter(time).next();
        // Those that came together are one reason to look.
        while let Ok(Some(_)) = told {
            told = notifications.iter().next();
        }
        drop(notifications);
        match told {
            Err(cause) => Err(self.failed(&cause)),
            Ok(_) if client.is_closed() => {
                self.lost();
                Err(StoreError::Away {
                    store: self.address.location(),
                    message: "the server has ended the connection".to_owned(),
                })
            }
            Ok(_) => Ok(()),
        }
    }
}

fn lost_while_read(address: &Address) -> StoreError {
    StoreError::Away {
        store: address.location(),
        message: "the connection was lost while it was read".to_owned(),
    }
}
