use std::net::{IpAddr, SocketAddr};

use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::Response;

use super::answer::Answer;
use super::error::ErrorCode;
use super::negotiate::MediaType;

/// A listen address that others could reach.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "will not listen on {0}: there is no authentication yet, so whoever reaches the server may write; \
     listen on 127.0.0.1 or [::1], and reach it from elsewhere through ssh -L"
)]
pub struct NotLoopback(pub SocketAddr);

/// Lets only addresses pass that this machine alone can reach.
///
/// # Errors
/// [`NotLoopback`] for every other address, the unspecified `0.0.0.0` and `[::]` among them.
pub fn loopback_only(address: SocketAddr) -> Result<(), NotLoopback> {
    if is_loopback(address.ip()) {
        Ok(())
    } else {
        Err(NotLoopback(address))
    }
}

/// Middleware of every route. A page of another site must neither send requests (`Origin`) nor pose as us under a
/// name of its own that it lets point here (DNS rebinding: `Host`).
pub(super) async fn same_site(request: Request, next: Next) -> Response {
    match check(request.uri(), request.headers()) {
        Ok(()) => next.run(request).await,
        Err(answer) => answer.into_response(MediaType::Json),
    }
}

fn check(uri: &Uri, headers: &HeaderMap) -> Result<(), Answer> {
    let mut hosts = headers.get_all(header::HOST).iter();
    let host = match (hosts.next().map(|value| value.to_str()), hosts.next()) {
        (Some(Ok(host)), None) => host,
        _ => return Err(misdirected("the request must have one `Host` header")),
    };
    let target = uri.authority().map_or(host, |authority| authority.as_str());
    if !names_loopback(host) || !names_loopback(target) {
        let message = format!("this server answers as localhost, 127.0.0.1 or [::1] only, not as `{host}`");
        return Err(misdirected(message));
    }
    let mut origins = headers.get_all(header::ORIGIN).iter();
    let ours = match (origins.next(), origins.next()) {
        (None, _) => true, // no browser, or a plain visit
        (Some(origin), None) => origin.to_str().is_ok_and(|origin| {
            let same = origin
                .split_once("://")
                .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("http"));
            same.is_some_and(|(_, origin)| origin.eq_ignore_ascii_case(host))
        }),
        _ => false,
    };
    if ours {
        return Ok(());
    }
    let message = "pages of other origins may not use this server: open its own pages, under the same host and port";
    Err(Answer::status(StatusCode::FORBIDDEN, ErrorCode::Forbidden, message))
}

fn misdirected(message: impl Into<String>) -> Answer {
    Answer::status(StatusCode::MISDIRECTED_REQUEST, ErrorCode::Misdirected, message)
}

/// `host` as in a header: a name or an address, with or without a port.
fn names_loopback(host: &str) -> bool {
    let name = match host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, port)) if port.is_empty() || is_port(port) => address,
        Some(_) => return false,
        None => match host.find(':') {
            Some(colon) if is_port(&host[colon..]) => &host[..colon],
            Some(_) => return false,
            None => host,
        },
    };
    name.eq_ignore_ascii_case("localhost") || name.parse().is_ok_and(is_loopback)
}

fn is_port(text: &str) -> bool {
    text.strip_prefix(':')
        .is_some_and(|digits| digits.parse::<u16>().is_ok())
}

fn is_loopback(address: IpAddr) -> bool {
    address.to_canonical().is_loopback()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_named() {
        for host in [
            "localhost",
            "LocalHost:4000",
            "127.0.0.1:1",
            "127.9.9.9",
            "[::1]",
            "[::1]:4000",
        ] {
            assert!(names_loopback(host), "{host}");
        }
        for host in [
            "",
            ":80",
            "example.org",
            "localhost.example.org:80",
            "127.0.0.1.example.org",
            "10.0.0.1",
            "0.0.0.0",
            "[::]",
            "[::1",
            "::1",
            "localhost:",
            "localhost:x",
            "localhost:99999",
            "[::1]x",
            "localhost@evil:80",
        ] {
            assert!(!names_loopback(host), "{host}");
        }
    }

    #[test]
    fn listening_to_the_world_is_refused() {
        assert_eq!(loopback_only(SocketAddr::from(([127, 0, 0, 1], 0))), Ok(()));
        assert_eq!(loopback_only("[::1]:80".parse().unwrap()), Ok(()));
        for address in ["0.0.0.0:80", "[::]:80", "192.168.0.7:80", "[fe80::1]:80"] {
            let address: SocketAddr = address.parse().unwrap();
            assert_eq!(loopback_only(address), Err(NotLoopback(address)));
        }
    }
}
