//! Connections: how many there may be, and how long a client may take.

use super::guard::protect;
use super::limits::{HEAD, HEAD_TIME, HEADERS, KNOWN, STRANGERS};
use super::served::Served;
use axum::Router;
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1::Builder;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::AbortHandle;
use tokio::time::{sleep, timeout};

/// How often is looked whether it shall end.
const TICK: Duration = Duration::from_millis(50);

/// The connections that there are. Whoever has not shown the token may have to make room: so nobody keeps the page's own connections
/// out by opening many and saying nothing.
#[derive(Debug, Default)]
struct Guests {
    strangers: BTreeMap<u64, AbortHandle>,
    known: BTreeSet<u64>,
    next: u64,
}

/// A connection, which leaves the list when it ends.
#[derive(Debug)]
struct Guest {
    number: u64,
    /// The address of this machine that it has reached.
    local: SocketAddr,
    guests: Arc<Mutex<Guests>>,
}

impl Guest {
    fn guests(&self) -> MutexGuard<'_, Guests> {
        self.guests.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// It has shown the token.
    fn is_known(&self) {
        let mut guests = self.guests();
        if guests.known.len() < KNOWN && guests.strangers.remove(&self.number).is_some() {
            guests.known.insert(self.number);
        }
    }
}

impl Drop for Guest {
    fn drop(&mut self) {
        let mut guests = self.guests();
        guests.strangers.remove(&self.number);
        // A stranger that had to make room is in neither list, and takes nobody else's place along.
        guests.known.remove(&self.number);
    }
}

/// Answers requests until it shall end.
pub async fn accept(listener: TcpListener, served: Arc<Served>, routes: Router, ends: &dyn Fn() -> bool) {
    let guests: Arc<Mutex<Guests>> = Arc::default();
    let routes = TowerToHyperService::new(routes);
    while !ends() {
        match timeout(TICK, listener.accept()).await {
            Err(_) => {}
            // The system has no more files for this process: those that are open will end.
            Ok(Err(_)) => sleep(TICK).await,
            Ok(Ok((stream, _))) => welcome(stream, &guests, &served, &routes),
        }
    }
}

fn welcome(stream: TcpStream, guests: &Arc<Mutex<Guests>>, served: &Arc<Served>, routes: &TowerToHyperService<Router>) {
    let Ok(local) = stream.local_addr() else { return };
    let mut list = guests.lock().unwrap_or_else(PoisonError::into_inner);
    let oldest = if list.strangers.len() < STRANGERS { None } else { list.strangers.pop_first() };
    let number = list.next;
    list.next += 1;
    let guest = Arc::new(Guest { number, local, guests: guests.clone() });
    let task = tokio::spawn(converse(stream, guest, served.clone(), routes.clone()));
    list.strangers.insert(number, task.abort_handle());
    drop(list);
    if let Some((_, oldest)) = oldest {
        oldest.abort();
    }
}

/// Answers the requests of one connection.
async fn converse(stream: TcpStream, guest: Arc<Guest>, served: Arc<Served>, routes: TowerToHyperService<Router>) {
    let service = service_fn(|request| answer(request, &guest, &served, &routes));
    // A client that breaks off, or is too slow, has nothing to be told.
    let _ = Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIME)
        .max_header_size(HEAD)
        .max_headers(HEADERS)
        .serve_connection(TokioIo::new(stream), service)
        .await;
}

/// Asks the guard first: what is refused is not looked at further.
async fn answer(
    request: Request<Incoming>,
    guest: &Guest,
    served: &Served,
    routes: &TowerToHyperService<Router>,
) -> Result<Response, Infallible> {
    let (head, body) = request.into_parts();
    let mut response = match served.guard.admit(&head, guest.local) {
        Err(refusal) => refusal.into_response(),
        Ok(known) => {
            if known {
                guest.is_known();
            }
            routes.call(Request::from_parts(head, Body::new(body))).await?
        }
    };
    protect(response.headers_mut());
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::Ipv4Addr;
    use tokio::runtime::Builder as Runtime;

    #[test]
    fn a_stranger_that_makes_room_counts_for_nobody_known() {
        let runtime = Runtime::new_current_thread().build().unwrap();
        let guests: Arc<Mutex<Guests>> = Arc::default();
        let enter = |number: u64| {
            let task = runtime.spawn(std::future::pending::<()>());
            guests.lock().unwrap().strangers.insert(number, task.abort_handle());
            Guest { number, local: (Ipv4Addr::LOCALHOST, 1).into(), guests: guests.clone() }
        };
        let counts = || {
            let guests = guests.lock().unwrap();
            (guests.strangers.len(), guests.known.len())
        };
        let [known, stranger, other] = [0, 1, 2].map(enter);
        known.is_known();
        known.is_known();
        assert_eq!(counts(), (2, 1));
        drop(guests.lock().unwrap().strangers.pop_first());
        drop(stranger);
        assert_eq!(counts(), (1, 1));
        drop(other);
        assert_eq!(counts(), (0, 1));
        drop(known);
        assert_eq!(counts(), (0, 0));
    }
}
