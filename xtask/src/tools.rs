//! Everything the judges need, each brought only if it is missing.

use anyhow::{Result, bail};

use crate::{crds, debian, go, python, run};

/// Brings every tool. What cannot be had is named in one line each, all of them, and fails the run.
pub fn bring() -> Result<()> {
    let mut missing = Vec::new();
    let mut want = |what: &str, outcome: Result<()>| {
        if let Err(error) = outcome {
            missing.push(format!("{what}: {error:#}"));
        }
    };
    want("python with venv", debian::program("python3", "python3").and_then(|()| python::venv_works()));
    want("etcd", debian::program("etcd", "etcd-server"));
    want("openssl", debian::program("openssl", "openssl"));
    want("postgres", debian::postgres());
    want("go", go::toolchain());
    if run::find("kubectl").is_none() {
        want("kubectl", go::build("kubectl", "kubectl", "."));
    }
    want("kube-linter", go::build("kube-linter", "kube-linter", "golang.stackrox.io/kube-linter/cmd/kube-linter"));
    want("kube-score", go::build("kube-score", "kube-score", "github.com/zegl/kube-score/cmd/kube-score"));
    want("crane", go::build("crane", "crane", "github.com/google/go-containerregistry/cmd/crane"));
    want("kubeseal", go::build("kubeseal", "kubeseal", "github.com/bitnami-labs/sealed-secrets/cmd/kubeseal"));
    // Of the ways to find what to scrape, the one that is used.
    let found_by = "remove_all_sd,enable_dns_sd";
    let prometheus = "github.com/prometheus/prometheus/cmd/prometheus";
    want("Prometheus 3", go::build_static("prometheus-3", "prometheus", prometheus, found_by));
    want("actionlint", go::build("actionlint", "actionlint", "github.com/rhysd/actionlint/cmd/actionlint"));
    want("chromium", debian::program("chromium", "chromium"));
    want("chromedriver", debian::program("chromedriver", "chromium-driver"));
    want("shellcheck", debian::program("shellcheck", "shellcheck"));
    want("just", python::environment("just", "just.txt"));
    want("prometheus", debian::program("promtool", "prometheus"));
    want("skopeo", debian::program("skopeo", "skopeo"));
    for program in ["kube-apiserver", "kube-controller-manager"] {
        want(program, go::build(program, "kubernetes", &format!("./{program}")));
    }
    want("schemas of other projects' kinds", crds::bring());
    want("checkov and kubernetes-validate", python::environment("python", "requirements.txt"));
    want("CycloneDX's schema", python::environment("sbom", "sbom.txt"));
    want("MLflow 3.17.2", python::environment("mlflow-3.17.2", "mlflow-3.17.2.txt"));
    want("MLflow 2.17.2", python::environment("mlflow-2.17.2", "mlflow-2.17.2.txt"));
    want("moto, an S3 server", python::environment("s3", "s3.txt"));
    want("clients of the inference protocol", python::environment("clients", "clients.txt"));
    want("schemathesis", python::environment("schemathesis", "schemathesis.txt"));
    want("Grafana's types and matplotlib", python::environment("dashboards", "dashboards.txt"));
    want("axe-core, a judge of accessibility", python::environment("axe", "axe.txt"));
    want("scipy", python::environment("scipy", "scipy.txt"));
    want("shap", python::environment("shap", "shap.txt"));
    if missing.is_empty() { Ok(()) } else { bail!("tools are missing\n{}", missing.join("\n")) }
}
