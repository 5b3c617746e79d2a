# Recipes for daily work; `just` lists them. Everything that needs no cluster is also a cargo alias.

# The cluster's tool (minikube or kind), and the environment that is deployed there.
cluster := env("CLUSTER", "minikube")
environment := env("ENVIRONMENT", "local")

# Every object of the stack (STACK, if its environment gives it another name), whatever its namespace; and the namespace of one component, which its file in out/ tells.
everywhere := "--all-namespaces --selector app.kubernetes.io/part-of=" + env("STACK", "mlstack")
namespace_of := "awk '/^  namespace: / {print $2; exit}' out/" + environment + "/[0-9][0-9][0-9]-"

# A row for `smoke` and `stress`, as the model diabetes wants it; another model: just row='{…}' smoke NAME
row := '{"Pregnancies": 1, "Glucose": 120, "BloodPressure": 70, "SkinThickness": 20, "Insulin": 79, "BMI": 32.0, "DiabetesPedigreeFunction": 0.47, "Age": 33}'
mlstack := "cargo run --quiet --package stack --bin mlstack --"

_list:
    @just --list --unsorted

# Compile environments/*.yaml and models/*.yaml to out/
build-manifests *ENV:
    cargo build-manifests {{ ENV }}

# Everything that CI does; brings the tools it needs
test:
    cargo xtask test

# Formatting, lints with warnings denied, documentation
check:
    cargo xtask check

# Look at changed snapshots one by one (needs cargo-insta: cargo install cargo-insta)
snapshots:
    cargo insta test --workspace --review

# Speed and memory, against the targets; COLD=--cold also measures builds, which takes minutes
bench COLD="":
    cargo run --quiet --release --package benches -- {{ COLD }}

# What training and serving cost, beside FastAPI with onnxruntime; QUICK=--quick for a first look
bench-serving QUICK="":
    cargo run --quiet --release --package benches -- serving {{ QUICK }}

# What the web page costs: first byte, first paint, weight, memory with 200 sessions, a file of 100,000 rows
bench-page:
    cargo run --quiet --release --package benches -- page

# A million predictions: fails if the server's memory grows
soak REQUESTS="1000000":
    cargo run --quiet --release --package benches -- soak {{ REQUESTS }}

# What an environment consists of
show ENV=environment:
    @{{ mlstack }} show {{ ENV }}

# What differs between two environments, resource by resource: just compare local production
compare BASE ENV:
    @{{ mlstack }} show --compare {{ BASE }} {{ ENV }}

# JSON schemas for editors, after a change of a Values struct
schema:
    {{ mlstack }} schema

# A cluster that enforces network policies, and metrics-server for autoscaling
[script("bash")]
setup:
    set -euo pipefail
    if [ "{{ cluster }}" = minikube ]; then
        # Without Calico, minikube takes policies and ignores them.
        minikube start --cni calico --kubernetes-version stable
        minikube addons enable metrics-server
    else
        # kind's own network enforces policies; node ports need a mapping to be seen from the host.
        ports=$(for port in 30080 30300 30500 30800 30851; do printf '{containerPort: %s, hostPort: %s}, ' "$port" "$port"; done)
        printf '{kind: Cluster, apiVersion: kind.x-k8s.io/v1alpha4, nodes: [{role: control-plane, extraPortMappings: [%s]}]}' "${ports%, }" \
            | kind create cluster --config -
        kubectl apply -f https://github.com/kubernetes-sigs/metrics-server/releases/latest/download/components.yaml
        # kind's kubelets have certificates that nobody signed.
        kubectl -n kube-system patch deployment metrics-server --type json \
            -p '[{"op": "add", "path": "/spec/template/spec/containers/0/args/-", "value": "--kubelet-insecure-tls"}]'
    fi

# Build the serving image into target/image/serving.tar, without Docker; prints its digest
image *FLAGS:
    @cargo run --quiet --package image -- {{ FLAGS }}

# Needs crane (go install github.com/google/go-containerregistry/cmd/crane@latest) and, once, `crane auth login HOST`.
# Build the image of this commit, push it where ENV has its image from (or to REPOSITORY), write its digest into ENV
[script("bash")]
release-image ENV REPOSITORY="":
    set -euo pipefail
    crane version >/dev/null
    repository="{{ REPOSITORY }}"
    repository="${repository:-$({{ mlstack }} pin {{ ENV }} | sed 's/@.*//; s/:[^:/]*$//')}"
    name="$repository:$(git describe --always --dirty --exclude '*')"
    read -r _ digest < <(cargo run --quiet --package image -- --tag "$name")
    # As a folder, the image keeps the digest that was announced; of an archive, crane makes another image.
    layout=$(mktemp -d)
    trap 'rm -r "$layout"' EXIT
    tar --extract --file target/image/serving.tar --directory "$layout"
    pushed=$(crane push "$layout" "$name")
    [ "$pushed" = "$repository@$digest" ] || { echo "error: $pushed was pushed, and $digest was built" >&2; exit 1; }
    {{ mlstack }} pin {{ ENV }} "$pushed"

# Hand the serving image to minikube, kind, k3d or containerd, whichever is here; CLUSTER says which comes first
[script("bash")]
load: image
    set -euo pipefail
    tar=target/image/serving.tar
    for tool in "{{ cluster }}" minikube kind k3d ctr; do
        command -v "$tool" >/dev/null || continue
        case "$tool" in
            minikube) minikube image load "$tar" ;;
            kind) kind load image-archive "$tar" ;;
            k3d) k3d image import "$tar" ;;
            # Kubernetes sees the images of this namespace only.
            ctr) ctr --namespace k8s.io images import "$tar" ;;
            *) continue ;;
        esac
        echo "$tool has the image of $tar"
        exit
    done
    echo "error: no minikube, kind, k3d or ctr here to hand $tar to" >&2
    exit 1

# Build the MLflow image with its drivers, and hand it to the cluster or push it: just mlflow-image ghcr.io/you/mlflow
[script("bash")]
mlflow-image REPOSITORY="":
    set -euo pipefail
    for recipe in images/mlflow/*/Dockerfile; do
        repository="{{ REPOSITORY }}"
        image="${repository:-mlstack/mlflow}:$(basename "$(dirname "$recipe")")"
        docker build --tag "$image" "$(dirname "$recipe")"
        if [ -n "$repository" ]; then docker push "$image"; elif [ "{{ cluster }}" = minikube ]; then minikube image load "$image"; else kind load docker-image "$image"; fi
    done

# Namespaces first, then their secrets, then everything: a pod without its secret only waits, but needlessly
deploy ENV: (build-manifests ENV)
    kubectl apply $(printf -- '--filename %s ' out/{{ ENV }}/000-*.yaml)
    # Of every other type, the Secrets come to be in the cluster.
    if grep -q 'type: Generated' environments/{{ ENV }}.yaml; then {{ mlstack }} secrets {{ ENV }} | kubectl apply --filename -; fi
    kubectl apply --filename out/{{ ENV }}

# Wait until everything that was deployed runs; says what does not
[script("bash")]
rollout SECONDS="1800":
    set -euo pipefail
    kubectl get deployments {{ everywhere }} --no-headers --output custom-columns=:metadata.namespace,:metadata.name |
        while read -r namespace name; do
            kubectl --namespace "$namespace" rollout status "deployment/$name" --timeout {{ SECONDS }}s
        done

# What runs, and what holds it back
status:
    kubectl get deployments,jobs,pods,hpa,pdb,pvc {{ everywhere }}
    kubectl get events --all-namespaces --field-selector type=Warning --sort-by .lastTimestamp | tail -n 10

# The logs of a component: just logs diabetes-api
logs COMPONENT *FLAGS:
    namespace=$({{ namespace_of }}{{ COMPONENT }}.yaml) && kubectl --namespace "$namespace" logs \
        --selector app.kubernetes.io/name={{ COMPONENT }} --all-containers --ignore-errors --tail 100 --prefix {{ FLAGS }}

# A component's port on this machine: just port-forward diabetes-api 8000
port-forward COMPONENT PORT:
    namespace=$({{ namespace_of }}{{ COMPONENT }}.yaml) && kubectl --namespace "$namespace" port-forward service/{{ COMPONENT }} {{ PORT }}

# The models' page on http://localhost:8501
ui: (port-forward "ui" "8501")

# MLflow's page on http://localhost:5000
mlflow-ui: (port-forward "mlflow" "5000")

# Dashboards on http://localhost:3000, where Grafana is of the stack; the user is admin, the password in the Secret grafana
grafana: (port-forward "grafana" "3000")

# Targets, rules and alerts on http://localhost:9090, where Prometheus is of the stack
prometheus: (port-forward "prometheus" "9090")

# Health and one prediction against a deployed API; API_KEY holds its key, if it wants one
[script("bash")]
smoke MODEL="diabetes":
    set -euo pipefail
    namespace=$({{ namespace_of }}{{ MODEL }}-api.yaml)
    kubectl --namespace "$namespace" port-forward service/{{ MODEL }}-api 18000:8000 >/dev/null &
    trap "kill $!" EXIT
    curl --fail --silent --show-error --retry 20 --retry-connrefused --retry-delay 1 localhost:18000/health && echo
    curl --fail --silent --show-error localhost:18000/predict --data '{{ row }}' \
        --header 'content-type: application/json' ${API_KEY:+--header "x-api-key: $API_KEY"} && echo

# 20,000 predictions by the node port, 16 at a time, and for two minutes what the autoscaler makes of them
[script("bash")]
stress MODEL="diabetes" PORT="30800" REQUESTS="20000":
    set -euo pipefail
    namespace=$({{ namespace_of }}{{ MODEL }}-api.yaml)
    node=$(kubectl get nodes --output jsonpath='{.items[0].status.addresses[?(@.type=="InternalIP")].address}')
    export NODE_URL="http://$node:{{ PORT }}/predict"
    # One curl makes 200 requests over one connection.
    seq {{ REQUESTS }} | xargs --max-args 200 --max-procs 16 bash -c \
        'printf "url=$NODE_URL\noutput=/dev/null\n%.0s" "$@" \
            | curl --fail --silent --show-error --header "content-type: application/json" --data "$0" --config -' '{{ row }}'
    timeout 120 kubectl --namespace "$namespace" get hpa {{ MODEL }}-api --watch || [ $? = 124 ]

# Compare now what MODEL was asked with what it was trained on; ends with 1 when there is drift: just drift production churn
drift ENV MODEL: (_run-by-hand ENV MODEL + "-drift")

# Train MODEL now, on data that are fetched anew, and promote it if it is good enough: just retrain production diabetes
retrain ENV MODEL: (_run-by-hand ENV MODEL + "-retraining")

# The Job of one run; VARIABLES (NAME=value) are for this run alone. The recipe ends as the program did.
[private]
[script("bash")]
_run-by-hand ENV CRONJOB *VARIABLES:
    set -euo pipefail
    shopt -s nullglob
    for file in out/{{ ENV }}/[0-9][0-9][0-9]-{{ CRONJOB }}.yaml; do
        namespace=$(awk '/^  namespace: / {print $2; exit}' "$file")
    done
    [ -n "${namespace:-}" ] || { echo "error: out/{{ ENV }} has no CronJob {{ CRONJOB }}" >&2; exit 2; }
    of() { kubectl --namespace "$namespace" "$@"; }
    job={{ CRONJOB }}-$(date +%s)
    set -- {{ VARIABLES }}
    if [ $# = 0 ]; then
        of create job "$job" --from=cronjob/{{ CRONJOB }}
    else
        of create job "$job" --from=cronjob/{{ CRONJOB }} --dry-run=client --output yaml \
            | kubectl set env --local --filename - --output yaml "$@" | of create --filename -
    fi
    # kubectl waits for one condition, and a Job ends with one of two; an API server that is away for a while ends nothing.
    away=0
    while :; do
        if ended=$(of get job "$job" --output jsonpath='{.status.conditions[?(@.status=="True")].type}'); then
            away=0
            case "$ended" in *Complete*|*Failed*) break ;; esac
        elif [ $((away += 1)) = 30 ]; then
            echo "error: nobody says what became of the Job $job, which may still run" >&2
            exit 3
        fi
        sleep 2
    done
    of logs --selector "batch.kubernetes.io/job-name=$job" --all-containers --ignore-errors --tail=-1 || true
    case "$ended" in *Complete*) exit ;; esac
    of get job "$job" --output jsonpath='{.metadata.name} failed: {.status.conditions[?(@.type=="Failed")].message}{"\n"}' >&2
    # The last try's; one that was ended for its time has none.
    code=$(of get pods --selector "batch.kubernetes.io/job-name=$job" --sort-by .metadata.creationTimestamp \
        --output jsonpath='{range .items[*]}{.status.containerStatuses[0].state.terminated.exitCode}{"\n"}{end}' | tail -n 1)
    exit "${code:-1}"

# Start the training of out/ENV once more, if it failed for good: an apply does not start a Job of the same specification twice
train ENV MODEL:
    namespace=$(awk '/^  namespace: / {print $2; exit}' out/{{ ENV }}/[0-9][0-9][0-9]-{{ MODEL }}-training.yaml) \
        && kubectl --namespace "$namespace" delete jobs --selector app.kubernetes.io/name={{ MODEL }}-training
    kubectl apply --filename out/{{ ENV }}

# Back up every database now
backup ENV: (_run-by-hand ENV "backup")

# What there is to restore: file and bytes
backups ENV:
    @namespace=$(awk '/^  namespace: / {print $2; exit}' out/{{ ENV }}/[0-9][0-9][0-9]-backups.yaml) \
        && kubectl --namespace "$namespace" exec deployment/backups -- /serving backup list

# Put a database back as it was: just restore staging mlflow-20261121T023000Z.dump
restore ENV FILE: (_run-by-hand ENV "restore" "BACKUP_FILE=" + FILE)

# A namespace takes along all that is in it, and what is in none stands in the same files.
# Remove a deployed environment, its volumes and secrets
clean ENV:
    kubectl delete --ignore-not-found $(printf -- '--filename %s ' out/{{ ENV }}/000-*.yaml)
