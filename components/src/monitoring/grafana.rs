//! A Grafana beside a Prometheus of the stack's own. All that it shows is in the manifests, so it keeps nothing: what people
//! change in it is gone with the pod.

use askama::Template;
use builders::{
    App, Config, Endpoint, Exposure, Http, ImageRef, Quantity, Resources, Scratch, Variable, http, key, name,
};
use deserr::Deserr;
use schemars::JsonSchema;

use super::prometheus::INTERVAL;

/// The user of the official image.
const USER: u32 = 472;

const PROMETHEUS_URL: Variable<Http> = Variable::http("PROMETHEUS_URL");

/// Where dashboards are, a folder each.
const DASHBOARDS: &str = "/etc/dashboards";

/// Size and visibility of a Grafana.
#[derive(Debug, Clone, Deserr, JsonSchema, serde::Serialize)]
#[deserr(deny_unknown_fields)]
#[schemars(deny_unknown_fields, default, rename = "GrafanaValues")]
pub struct Values {
    /// Grafana's image. In 12 the data source is a part of the program; in newer ones it is a plugin.
    #[deserr(default = Values::default().image)]
    pub image: ImageRef,
    /// What it asks for and may use.
    #[deserr(default = Values::default().resources)]
    pub resources: Resources,
    /// Who can open it.
    #[deserr(default)]
    pub exposure: Exposure,
}

impl Default for Values {
    fn default() -> Self {
        Self {
            image: ImageRef::literal("grafana/grafana:12.4.12"),
            resources: Resources::new((100, 192), (500, 512)),
            exposure: Exposure::default(),
        }
    }
}

/// By <https://grafana.com/docs/grafana/latest/administration/provisioning/#data-sources>: Grafana reads the address from the
/// variable, which the edge sets.
#[derive(Template)]
#[template(path = "grafana-source.yaml", escape = "none")]
struct Source {
    interval: &'static str,
}

/// By <https://grafana.com/docs/grafana/latest/administration/provisioning/#dashboards>.
#[derive(Template)]
#[template(path = "grafana-dashboards.yaml", escape = "none")]
struct Dashboards {
    folder: &'static str,
}

/// Declares the server, with these dashboards. Its login is `admin`, the password is in the Secret `grafana`.
pub(super) fn grafana(app: &mut App, values: &Values, prometheus: &Endpoint<Http>, dashboards: &[Config]) {
    let web = http(name!("http"), 3000);
    let password = app.secret(name!("grafana")).key(key!("ADMIN_PASSWORD"));
    let source = Source { interval: INTERVAL }.to_string();
    let source = app.config(name!("grafana-source"), [(key!("prometheus.yaml"), source)]);
    let provider = Dashboards { folder: DASHBOARDS }.to_string();
    let provider = app.config(name!("grafana-dashboards"), [(key!("dashboards.yaml"), provider)]);

    let server = app
        .deployment(name!("grafana"), &values.image)
        .run_as(USER)
        .expose(&values.exposure)
        .resources(&values.resources)
        .connect(prometheus, &PROMETHEUS_URL)
        .variables(SETTINGS)
        .variable("GF_SECURITY_ADMIN_PASSWORD__FILE", "/etc/grafana-admin/ADMIN_PASSWORD")
        .variables(behind_https(&values.exposure))
        .mount(&password.file(), "/etc/grafana-admin")
        .mount(&source.files(), "/etc/grafana/provisioning/datasources")
        .mount(&provider.files(), "/etc/grafana/provisioning/dashboards")
        .mount(&Scratch::disk(Quantity::mebibytes(256)), "/var/lib/grafana")
        .mount(&Scratch::disk(Quantity::mebibytes(64)), "/tmp")
        .live(web.get("/healthz"))
        .ready(web.get("/api/health"))
        .starts_within(120);

    let mount = |files: &Config| format!("{DASHBOARDS}/{}", files.name());
    dashboards.iter().fold(server, |server, files| server.mount(&files.files(), mount(files))).serve(&web);
}

/// By <https://grafana.com/docs/grafana/latest/setup-grafana/configure-grafana/>: nobody without a login, nothing that calls
/// home or fetches something (it could not: no policy lets it out), nothing written outside its folders.
const SETTINGS: [(&str, &str); 15] = [
    ("GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES", "false"),
    ("GF_ANALYTICS_CHECK_FOR_UPDATES", "false"),
    ("GF_ANALYTICS_FEEDBACK_LINKS_ENABLED", "false"),
    ("GF_ANALYTICS_REPORTING_ENABLED", "false"),
    ("GF_AUTH_ANONYMOUS_ENABLED", "false"),
    ("GF_LOG_MODE", "console"),
    ("GF_NEWS_NEWS_FEED_ENABLED", "false"),
    ("GF_PATHS_DATA", "/var/lib/grafana"),
    ("GF_PLUGINS_PLUGIN_ADMIN_ENABLED", "false"),
    ("GF_PLUGINS_PREINSTALL_DISABLED", "true"),
    ("GF_PLUGINS_PUBLIC_KEY_RETRIEVAL_DISABLED", "true"),
    ("GF_SECURITY_ADMIN_USER", "admin"),
    ("GF_SECURITY_DISABLE_GRAVATAR", "true"),
    ("GF_SNAPSHOTS_EXTERNAL_ENABLED", "false"),
    ("GF_USERS_ALLOW_SIGN_UP", "false"),
];

/// The address that people open, and that the session's cookie travels by https alone.
fn behind_https(exposure: &Exposure) -> Vec<(&'static str, String)> {
    let host = exposure.host().map(|host| {
        [("GF_SERVER_ROOT_URL", format!("https://{}/", host.value)), ("GF_SECURITY_COOKIE_SECURE", "true".to_owned())]
    });
    host.into_iter().flatten().collect()
}
