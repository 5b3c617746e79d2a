# Made by mlstack from mlflow.version. Do not edit: change the environment and run `cargo build-manifests`.
# The official image has no driver for PostgreSQL, and no client of an object store.
FROM ghcr.io/mlflow/mlflow:v{{ version }}
RUN pip install --no-cache-dir psycopg2-binary==2.9.13 boto3==1.44.5 google-cloud-storage==3.17.1
