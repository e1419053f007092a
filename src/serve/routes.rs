//! What is answered under which address. `web/src/contract.ts` says the same to the page.

use super::experiments::{Asked, Work};
use super::guard::{ONCE, REPORT, secret};
use super::refusal::{Refusal, asked_for};
use super::served::Served;
use super::shelf::{self, Listed};
use super::{editor, events, limits, page, results};
use crate::report::drawing;
use axum::Router;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, Request, State};
use axum::http::{HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::sync::Arc;

type Answer = Result<Response, Refusal>;
type Serving = State<Arc<Served>>;

/// The policy of a report, which may be of somebody else. Its scripts run, under its own policy too, but as those of an origin that is no
/// other's: they reach neither what the page keeps, the token among it, nor any address.
const REPORT_POLICY: &str = "sandbox allow-scripts allow-downloads; default-src 'none'; \
    script-src 'unsafe-inline' 'wasm-unsafe-eval'; worker-src blob:; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; \
    form-action 'none'; frame-ancestors 'none'";
/// Whatever opened it has no hold of it.
const REPORT_OPENER: (&str, &str) = ("cross-origin-opener-policy", "unsafe-none");

/// All of it.
pub fn routes(served: Arc<Served>) -> Router {
    Router::new()
        .route("/", get(async || page::shell()))
        .route("/page.js", get(async || page::script()))
        .route("/page.css", get(async || page::style()))
        .route("/favicon.ico", get(async || StatusCode::NO_CONTENT))
        .route(&format!("{ONCE}{{secret}}"), get(once))
        .route("/api/shelf", get(list))
        .route("/api/page", get(page_data))
        .route("/api/engine", post(engine))
        .route("/api/report", get(report).post(show_report))
        .route(&format!("{REPORT}{{secret}}"), get(shown_report))
        .route("/api/scenario", get(scenario).put(write))
        .route("/api/check", post(check))
        .route("/api/schema", get(schema))
        .route("/api/experiments", post(begin))
        .route("/api/experiments/{id}", get(tell))
        .route("/api/experiments/{id}/stop", post(stop))
        .fallback(async || Refusal::missing("there is nothing under this address"))
        .method_not_allowed_fallback(async || {
            Refusal::new(StatusCode::METHOD_NOT_ALLOWED, "this address does not take such a request")
        })
        .with_state(served)
}

/// Leads the browser that `--open` opened to the page with the token: the address itself, which other users of the machine may see in the
/// list of processes, is then of no more use.
async fn once(State(served): Serving, Path(secret): Path<String>) -> Answer {
    if !served.is_expected(&secret) {
        return Err(Refusal::new(
            StatusCode::FORBIDDEN,
            "this address was good once: open the one that `entente serve` printed",
        ));
    }
    let place: [(HeaderName, String); 1] = [(header::LOCATION, format!("/{}", served.fragment))];
    Ok((StatusCode::SEE_OTHER, place).into_response())
}

#[derive(Serialize)]
struct Shelf {
    folder: String,
    program: String,
    #[serde(flatten)]
    listed: Listed,
    experiments: Vec<AtWork>,
}

#[derive(Serialize)]
struct AtWork {
    id: String,
    path: String,
}

async fn list(State(served): Serving) -> Answer {
    let shelf = served.work(|served| {
        let listed = shelf::list(&served.root, &served.known);
        let at_work = |work: &Arc<Work>| AtWork { id: work.id.clone(), path: work.path.clone() };
        let experiments = served.experiments.at_work().iter().map(at_work).collect();
        Ok(Shelf { folder: served.root.path().display().to_string(), program: shelf::program(), listed, experiments })
    });
    Ok(page::json(&shelf.await?))
}

#[derive(Deserialize)]
struct OfResults {
    results: String,
}

/// How results are asked for.
const OF_RESULTS: &str = "?results= and the path of a folder of results";

type AskedOfResults = Result<Query<OfResults>, QueryRejection>;

async fn page_data(State(served): Serving, asked: AskedOfResults) -> Answer {
    let OfResults { results } = asked_for(asked, OF_RESULTS)?;
    let find = move |served: &Served| {
        let data = drawing::page_data(&results::open(&served.root, &results)?)?;
        Ok(page::json(&data))
    };
    served.work(find).await
}

async fn engine(State(served): Serving, asked: AskedOfResults, request: Request) -> Answer {
    let OfResults { results } = asked_for(asked, OF_RESULTS)?;
    let request = limits::bytes(request, limits::ENGINE_BODY).await?;
    let reply = move |served: &Served| {
        let reply = served.engines.reply(&served.root, &results, &request)?;
        Ok(page::json(&reply))
    };
    served.work(reply).await
}

/// The report as a file.
async fn report(State(served): Serving, asked: AskedOfResults) -> Answer {
    let OfResults { results } = asked_for(asked, OF_RESULTS)?;
    let kept = [(header::CONTENT_DISPOSITION, "attachment; filename=\"report.html\"")];
    Ok((kept, report_of(served, results).await?).into_response())
}

/// The address of the report for a tab of its own.
async fn show_report(State(served): Serving, asked: AskedOfResults) -> Answer {
    let OfResults { results } = asked_for(asked, OF_RESULTS)?;
    let secret = secret().map_err(Refusal::failed)?;
    served.root.folder(&results)?;
    served.show(&secret, results);
    Ok(page::json(&json!({ "address": format!("{REPORT}{secret}") })))
}

async fn shown_report(State(served): Serving, Path(secret): Path<String>) -> Answer {
    let results = served.shown(&secret);
    report_of(
        served,
        results.ok_or_else(|| Refusal::missing("this report is no longer open: open it again from its results"))?,
    )
    .await
}

async fn report_of(served: Arc<Served>, results: String) -> Answer {
    let html = served.work(move |served| results::report(&served.root, &results)).await?;
    let policy = [(header::CONTENT_SECURITY_POLICY, REPORT_POLICY)];
    Ok((policy, [REPORT_OPENER], page::of_kind("text/html; charset=utf-8", html)).into_response())
}

#[derive(Deserialize)]
struct OfScenario {
    path: String,
}

async fn scenario(State(served): Serving, asked: Result<Query<OfScenario>, QueryRejection>) -> Answer {
    let OfScenario { path } = asked_for(asked, "?path= and the path of a scenario file")?;
    Ok(page::json(&served.work(move |served| editor::open(&served.root, &path)).await?))
}

#[derive(Deserialize)]
struct Text {
    path: String,
    text: String,
}

async fn check(State(served): Serving, request: Request) -> Answer {
    let Text { path, text } = limits::body(request, limits::TEXT_BODY).await?;
    Ok(page::json(&served.work(move |served| editor::check(&served.root, &path, &text)).await?))
}

#[derive(Deserialize)]
struct Written {
    path: String,
    text: String,
    /// The text that was read; none of a new file.
    was: Option<String>,
}

async fn write(State(served): Serving, request: Request) -> Answer {
    let Written { path, text, was } = limits::body(request, limits::TEXT_BODY).await?;
    let write = move |served: &Served| editor::write(&served.root, &path, (&text, was.as_deref()), &served.writing);
    Ok(page::json(&served.work(write).await?))
}

async fn schema(State(served): Serving) -> Answer {
    Ok(page::json(&served.work(|_| Ok(crate::scenario::schema())).await?))
}

async fn begin(State(served): Serving, request: Request) -> Answer {
    let asked: Asked = limits::body(request, limits::SMALL_BODY).await?;
    let work = served.work(move |served| served.experiments.begin(&served.root, &asked, served.threads)).await?;
    Ok(page::json(&json!({ "experiment": work.id })))
}

async fn tell(State(served): Serving, Path(id): Path<String>) -> Answer {
    Ok(events::stream(served.experiments.find(&id)?))
}

async fn stop(State(served): Serving, Path(id): Path<String>) -> Answer {
    served.experiments.find(&id)?.stop();
    Ok(page::json(&json!({})))
}
