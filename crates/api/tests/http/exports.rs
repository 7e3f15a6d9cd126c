//! `/export.ndjson`.

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use axum::response::Response;
use futures_util::StreamExt;
use rapporteur_api::export::exports;
use rapporteur_desk::Desk;
use rapporteur_desk::import::import;
use rapporteur_desk::restore::read;
use rapporteur_log::{AppendError, Damage, EventLog, Head, MemoryLog, ReadError, RedactError, Stored};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tower::ServiceExt;

const EVENTS: u64 = 600;

/// A log that counts how often it is read, and cannot be read past a position.
struct Watched {
    log: MemoryLog,
    reads: AtomicUsize,
    sound_until: u64,
}

impl EventLog for Watched {
    fn append(&self, after: &Head, batch: &[Stored]) -> Result<Head, AppendError> {
        self.log.append(after, batch)
    }
    fn read(&self, after: u64, limit: usize) -> Result<Vec<Stored>, ReadError> {
        self.reads.fetch_add(1, Ordering::SeqCst);
        if after >= self.sound_until {
            let what = "a bit fell over".to_owned();
            return Err(ReadError::Damaged(Damage {
                position: after + 1,
                what,
            }));
        }
        self.log.read(after, limit)
    }
    fn head(&self) -> Result<Head, ReadError> {
        self.log.head()
    }
    fn unwritable(&self) -> Option<String> {
        None
    }
    fn redact(&self, position: u64) -> Result<(), RedactError> {
        self.log.redact(position)
    }
}

/// The routes over a log of [`EVENTS`] topics.
fn given(sound_until: u64) -> (Router, Arc<Watched>) {
    let log = Arc::new(Watched {
        log: MemoryLog::default(),
        reads: AtomicUsize::new(0),
        sound_until,
    });
    let now = "2026-01-06T18:00:00Z".parse().unwrap();
    let desk = Desk::open(Arc::clone(&log) as _, Arc::new(move || now), &mut |_| {}).unwrap();
    let lines: String = (0..EVENTS)
        .map(|n| format!("{{\"registerTopic\": {{\"slug\": \"t{n}\", \"label\": \"Topic {n}\"}}}}\n"))
        .collect();
    assert_eq!(
        import(&desk, lines.as_bytes(), "test", &mut |_| {}).unwrap().recorded,
        EVENTS
    );
    log.reads.store(0, Ordering::SeqCst);
    (exports(desk), log)
}

async fn asked(routes: &Router, method: Method, more: &[(header::HeaderName, &str)]) -> Response {
    let mut request = Request::builder().method(method).uri("/export.ndjson");
    for (name, value) in more {
        request = request.header(name, *value);
    }
    if !more.iter().any(|(name, _)| name == header::HOST) {
        request = request.header(header::HOST, "localhost:8417");
    }
    routes
        .clone()
        .oneshot(request.body(Body::empty()).unwrap())
        .await
        .unwrap()
}

async fn get(routes: &Router) -> Response {
    asked(routes, Method::GET, &[]).await
}

#[tokio::test]
async fn everything_is_there_and_verifies() {
    let (routes, log) = given(u64::MAX);
    let response = get(&routes).await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(
        response.headers()[header::CONTENT_TYPE],
        "application/x-ndjson; charset=utf-8"
    );
    assert_eq!(response.headers()[header::CACHE_CONTROL], "no-store");
    assert_eq!(response.headers()[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
    let body = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
    let told = read(&body[..], None, &mut |_, _| Ok(())).unwrap();
    assert_eq!((told.head, told.head.position), (log.head().unwrap(), EVENTS));
}

#[tokio::test]
async fn the_log_is_read_as_fast_as_the_client_takes_it() {
    let (routes, log) = given(u64::MAX);
    let mut body = get(&routes).await.into_body().into_data_stream();
    assert_eq!(log.reads.load(Ordering::SeqCst), 0);
    assert!(!body.next().await.unwrap().unwrap().is_empty());
    assert_eq!(log.reads.load(Ordering::SeqCst), 1);
    while let Some(page) = body.next().await {
        page.unwrap();
    }
    assert_eq!(log.reads.load(Ordering::SeqCst), 3, "600 events in pages of 256");
}

#[tokio::test]
async fn an_export_that_fails_breaks_off_without_its_closing_record() {
    let (routes, _) = given(300);
    let mut body = get(&routes).await.into_body().into_data_stream();
    let mut got = Vec::new();
    let error = loop {
        match body.next().await.unwrap() {
            Ok(page) => got.extend(page),
            Err(error) => break error,
        }
    };
    assert!(error.to_string().contains("a bit fell over"), "{error}");
    assert!(body.next().await.is_none());
    let refused = read(&got[..], None, &mut |_, _| Ok(())).unwrap_err().to_string();
    assert!(refused.contains("without its closing record"), "{refused}");
}

#[tokio::test]
async fn only_so_many_exports_go_on_at_once() {
    let (routes, _) = given(u64::MAX);
    let mut held = Vec::new();
    for _ in 0..4 {
        held.push(get(&routes).await);
    }
    assert!(held.iter().all(|response| response.status() == StatusCode::OK));
    let refused = get(&routes).await;
    assert_eq!(refused.status(), StatusCode::SERVICE_UNAVAILABLE);
    let text = axum::body::to_bytes(refused.into_body(), usize::MAX).await.unwrap();
    assert!(text.starts_with(b"4 exports are under way"), "{text:?}");
    held.pop();
    assert_eq!(get(&routes).await.status(), StatusCode::OK);
}

#[tokio::test]
async fn other_sites_other_names_and_other_methods_are_refused() {
    let (routes, log) = given(u64::MAX);
    let foreign = asked(&routes, Method::GET, &[(header::ORIGIN, "http://example.org")]).await;
    assert_eq!(foreign.status(), StatusCode::FORBIDDEN);
    let misnamed = asked(&routes, Method::GET, &[(header::HOST, "example.org")]).await;
    assert_eq!(misnamed.status(), StatusCode::MISDIRECTED_REQUEST);
    let posted = asked(&routes, Method::POST, &[]).await;
    assert_eq!(posted.status(), StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(log.reads.load(Ordering::SeqCst), 0);
}
