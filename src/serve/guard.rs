//! Who is let in: by the name under which the server is addressed, where the request comes from, and the token.
//!
//! Any page that the user has open may send requests to this machine. A page of another site names its origin, which is
//! refused; one whose name was turned to this machine (DNS rebinding) has the wrong `Host`; and none of them knows the token.
//! The token also keeps out other users of the machine.

use super::refusal::Refusal;
use axum::http::header::{HOST, ORIGIN};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use std::net::SocketAddr;

/// The header with the token.
const TOKEN: &str = "x-entente-token";
/// What the browser says of where a request comes from.
const SITE: &str = "sec-fetch-site";
/// What anybody may have who addresses the server by its name: there is nothing of the user's in it.
const PUBLIC: [&str; 4] = ["/", "/page.js", "/page.css", "/favicon.ico"];
/// What begins an address that is good once, see [`super::Server::address_to_open`].
pub const ONCE: &str = "/open/";
/// What begins the address of a report in a tab of its own, which cannot show the token; the rest of it is a secret.
pub const REPORT: &str = "/report/";

/// Headers of every answer: a page that runs and loads nothing but what the server has, in no frame, that no other origin can read.
const HEADERS: [(HeaderName, &str); 6] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; \
         img-src 'self' data:; worker-src blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (header::CACHE_CONTROL, "no-store"),
];

/// Adds them to an answer that does not have its own.
pub fn protect(headers: &mut HeaderMap) {
    for (name, value) in HEADERS {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
}

/// A secret of 256 bits from the operating system, as 64 signs.
///
/// # Errors
/// If the system has no randomness.
pub fn secret() -> Result<String, getrandom::Error> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes)?;
    Ok(blake3::Hash::from_bytes(bytes).to_hex().to_string())
}

/// A secret that others must show. Digests are compared, which blake3 does in a time that does not depend on them.
#[derive(Debug)]
pub struct Lock(blake3::Hash);

impl Lock {
    /// The lock of a secret.
    pub fn of(secret: &str) -> Self {
        Self(blake3::hash(secret.as_bytes()))
    }

    /// Whether somebody shows the secret.
    pub fn opens(&self, shown: &[u8]) -> bool {
        blake3::hash(shown) == self.0
    }
}

/// Decides about requests, before any of them is looked at further.
#[derive(Debug)]
pub struct Guard {
    hosts: Vec<String>,
    /// Whether it listens at every address of the machine.
    everywhere: bool,
    token: Lock,
}

impl Guard {
    /// For a server at an address, and the token that it gave out.
    pub fn new(address: SocketAddr, token: &str) -> Self {
        let port = address.port();
        let mut hosts = vec![format!("127.0.0.1:{port}"), format!("localhost:{port}"), format!("[::1]:{port}")];
        let everywhere = address.ip().is_unspecified();
        if !everywhere {
            hosts.push(address.to_string());
        }
        // Browsers leave the port of http out.
        if port == 80 {
            hosts.extend(hosts.clone().iter().filter_map(|host| host.strip_suffix(":80").map(str::to_owned)));
        }
        Self { hosts, everywhere, token: Lock::of(token) }
    }

    /// Lets a request in, or not; gives whether it has shown the token. `local` is the address that the client has reached.
    ///
    /// # Errors
    /// Why it is refused.
    pub fn admit(&self, request: &Parts, local: SocketAddr) -> Result<bool, Refusal> {
        let misdirected = || Refusal::new(StatusCode::MISDIRECTED_REQUEST, "this server is not known by that name");
        let host = only(&request.headers, HOST.as_str()).flatten().ok_or_else(misdirected)?;
        // At every address of the machine there is no name to know; an address cannot be turned to another machine as a name can.
        let known = self.hosts.iter().any(|known| known == host) || self.everywhere && host == local.to_string();
        if !known {
            return Err(misdirected());
        }
        if request.uri.authority().is_some_and(|authority| authority.as_str() != host) {
            return Err(misdirected());
        }
        let path = request.uri.path();
        if PUBLIC.contains(&path) || path.starts_with(ONCE) || path.starts_with(REPORT) {
            return Ok(false);
        }
        self.admit_to_api(request, host).map(|()| true)
    }

    fn admit_to_api(&self, request: &Parts, host: &str) -> Result<(), Refusal> {
        let foreign = || Refusal::new(StatusCode::FORBIDDEN, "only the page of this server may ask");
        let origin = only(&request.headers, ORIGIN.as_str()).ok_or_else(foreign)?;
        let site = only(&request.headers, SITE).ok_or_else(foreign)?;
        if origin.is_some_and(|origin| origin.strip_prefix("http://") != Some(host))
            || site.is_some_and(|site| site != "same-origin")
        {
            return Err(foreign());
        }
        let reads = [Method::GET, Method::HEAD].contains(&request.method);
        if !reads && origin.is_none() && site.is_none() {
            return Err(Refusal::new(StatusCode::FORBIDDEN, "what writes or runs must say its `Origin`"));
        }
        match only(&request.headers, TOKEN).flatten() {
            Some(shown) if self.token.opens(shown.as_bytes()) => Ok(()),
            _ => Err(Refusal::new(
                StatusCode::UNAUTHORIZED,
                "the token is missing or wrong: open the address that `entente serve` printed",
            )),
        }
    }
}

/// The one value of a header, if there is one; none if there are several, or it is no text.
fn only<'a>(headers: &'a HeaderMap, name: &str) -> Option<Option<&'a str>> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (None, _) => Some(None),
        (Some(value), None) => value.to_str().ok().map(Some),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::extract::Request;

    fn admitted(address: &str, request: axum::http::request::Builder) -> Result<bool, u16> {
        let address: SocketAddr = address.parse().unwrap();
        let local = if address.ip().is_unspecified() { "192.168.7.5:80".parse().unwrap() } else { address };
        let (parts, ()) = request.body(()).unwrap().into_parts();
        Guard::new(address, "secret").admit(&parts, local).map_err(|refusal| refusal.status.as_u16())
    }

    fn get(path: &str, host: &str) -> axum::http::request::Builder {
        Request::builder().uri(path).header("host", host)
    }

    #[test]
    fn only_exact_names_are_known() {
        for host in ["127.0.0.1:81", "localhost:81", "[::1]:81"] {
            assert_eq!(admitted("127.0.0.1:81", get("/", host)), Ok(false), "{host}");
        }
        let others = "evil.example:81 127.0.0.1 127.0.0.1:82 localhost localhost.:81 LOCALHOST:81 127.0.0.1:81.evil.example 127.1:81 \
                      localhost:81@evil 0.0.0.0:81 [::]:81";
        for host in others.split(' ') {
            assert_eq!(admitted("127.0.0.1:81", get("/", host)), Err(421), "{host}");
        }
        assert_eq!(admitted("127.0.0.1:81", Request::builder().uri("/")), Err(421));
        assert_eq!(admitted("127.0.0.1:81", get("/", "localhost:81").header("host", "localhost:81")), Err(421));
        assert_eq!(admitted("127.0.0.1:81", get("http://evil.example/", "localhost:81")), Err(421));
        assert_eq!(admitted("192.168.7.5:81", get("/", "192.168.7.5:81")), Ok(false));
        assert_eq!(admitted("127.0.0.1:80", get("/", "localhost")), Ok(false));
        assert_eq!(admitted("0.0.0.0:80", get("/", "192.168.7.5:80")), Ok(false));
        assert_eq!(admitted("0.0.0.0:80", get("/", "evil.example:80")), Err(421));
    }

    #[test]
    fn all_else_needs_the_token_and_this_origin() {
        let ask = |method: &str, headers: &[(&str, &str)]| {
            let request = get("/api/shelf", "localhost:81").method(method);
            let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
            admitted("127.0.0.1:81", request)
        };
        let (token, own) = ((TOKEN, "secret"), (ORIGIN.as_str(), "http://localhost:81"));
        assert_eq!(ask("GET", &[token]), Ok(true));
        assert_eq!(ask("GET", &[token, (SITE, "same-origin"), own]), Ok(true));
        assert_eq!(ask("POST", &[token]), Err(403), "a write says where it comes from");
        assert_eq!(ask("POST", &[token, own]), Ok(true));
        assert_eq!(ask("PUT", &[token, (SITE, "same-origin")]), Ok(true));
        assert_eq!(ask("GET", &[]), Err(401));
        assert_eq!(ask("GET", &[(TOKEN, "secre")]), Err(401));
        assert_eq!(ask("GET", &[token, token]), Err(401), "one token");
        for method in ["GET", "POST", "PUT", "DELETE", "OPTIONS"] {
            for origin in
                ["null", "http://evil.example", "https://localhost:81", "http://127.0.0.1:81", "http://localhost:82"]
            {
                assert_eq!(ask(method, &[token, (ORIGIN.as_str(), origin)]), Err(403), "{method} {origin}");
            }
            for site in ["cross-site", "same-site", "none"] {
                assert_eq!(ask(method, &[token, own, (SITE, site)]), Err(403), "{method} {site}");
            }
        }
    }

    #[test]
    fn secrets_are_long_and_differ() {
        let (one, other) = (secret().unwrap(), secret().unwrap());
        assert!(one.len() == 64 && one != other);
        assert!(Lock::of(&one).opens(one.as_bytes()) && !Lock::of(&one).opens(other.as_bytes()));
    }
}
