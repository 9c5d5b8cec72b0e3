//! Bodies that are written while they are sent, in bounded memory.

use std::io::{self, Write};
use std::time::Duration;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use bytes::{Bytes, BytesMut};
use flate2::write::GzEncoder;
use tokio::runtime::Handle;
use tokio::sync::mpsc::{Sender, channel};
use tokio::time::timeout;
use tokio_stream::wrappers::ReceiverStream;

use super::caching::{Encoding, Entity};

/// Bytes that are sent at a time.
const CHUNK: usize = 64 * 1024;
/// Chunks that wait to be sent.
const WAITING: usize = 4;
/// How long a client may take none.
const PATIENCE: Duration = Duration::from_secs(60);

/// An answer that `write` makes while it is sent. When it fails the connection is cut: what has arrived must not look
/// like a whole.
pub(super) fn stream(
    entity: &Entity,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()> + Send + 'static,
) -> Response {
    let (sender, receiver) = channel(WAITING);
    let encoding = entity.encoding;
    tokio::task::spawn_blocking(move || {
        let mut output = Chunks {
            sender,
            waiting: BytesMut::with_capacity(CHUNK),
            handle: Handle::current(),
        };
        let written = match encoding {
            Encoding::Identity => write(&mut output).and_then(|()| output.flush()),
            Encoding::Gzip => {
                let mut packed = GzEncoder::new(&mut output, flate2::Compression::fast());
                write(&mut packed).and_then(|()| packed.finish()?.flush())
            }
        };
        if let Err(error) = written {
            // The client went away: nobody is left to be told.
            if error.kind() != io::ErrorKind::BrokenPipe {
                tracing::error!(%error, "an answer was broken off");
                let _ = output.send(Err(error));
            }
        }
    });
    let mut response = Body::from_stream(ReceiverStream::new(receiver)).into_response();
    let headers = response.headers_mut();
    headers.extend(entity.more.clone());
    entity.describe(headers);
    if encoding == Encoding::Gzip {
        let gzip = axum::http::HeaderValue::from_static("gzip");
        headers.insert(axum::http::header::CONTENT_ENCODING, gzip);
    }
    response
}

/// Collects what is written into chunks, and waits for the client to take them.
struct Chunks {
    sender: Sender<io::Result<Bytes>>,
    waiting: BytesMut,
    handle: Handle,
}

impl Chunks {
    fn send(&self, chunk: io::Result<Bytes>) -> io::Result<()> {
        let sent = self
            .handle
            .block_on(timeout(PATIENCE, self.sender.send(chunk)));
        match sent {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(io::ErrorKind::BrokenPipe.into()),
        }
    }
}

impl Write for Chunks {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.waiting.extend_from_slice(bytes);
        if self.waiting.len() >= CHUNK {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.waiting.is_empty() {
            return Ok(());
        }
        let chunk = std::mem::replace(&mut self.waiting, BytesMut::with_capacity(CHUNK));
        self.send(Ok(chunk.freeze()))
    }
}
