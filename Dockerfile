# One image for all of Malmoi: Airflow components, Spark master, workers and history server.
FROM python:3.11-slim-bookworm

RUN apt-get update -qq \
 && apt-get install -y -qq --no-install-recommends openjdk-17-jre-headless g++ python3-dev procps tini curl \
 && rm -rf /var/lib/apt/lists/*

RUN useradd --create-home --uid 50000 --shell /usr/sbin/nologin malmoi
ENV VIRTUAL_ENV=/opt/malmoi/.venv \
    PATH=/opt/malmoi/.venv/bin:/usr/local/bin:/usr/bin:/bin \
    PYTHONPATH=/opt/malmoi/spark_jobs:/opt/malmoi/plugins \
    JAVA_HOME=/usr/lib/jvm/java-17-openjdk-amd64 \
    SPARK_CONF_DIR=/opt/malmoi/conf \
    AIRFLOW_HOME=/var/lib/airflow

WORKDIR /opt/malmoi
COPY requirements requirements
# torch has a lock of its own (requirements/compile.sh says why); without the CUDA libraries the plain package brings them.
RUN python3 -m venv .venv \
 && .venv/bin/pip install --quiet --no-cache-dir --no-deps --require-hashes -r requirements/runtime.lock \
 && { .venv/bin/pip install --quiet --no-cache-dir --no-deps --require-hashes -r requirements/torch.lock \
      && .venv/bin/python -c 'import torch' 2>/dev/null \
      || .venv/bin/pip install --quiet --no-cache-dir "$(grep -o '^torch==[0-9.]*' requirements/torch.lock)"; }

COPY dags dags
COPY plugins plugins
COPY spark_jobs spark_jobs
RUN printf '#!/bin/sh\nexec /opt/malmoi/.venv/bin/python -m malmoi.cli "$@"\n' > .venv/bin/malmoi && chmod 755 .venv/bin/malmoi \
 && mkdir conf && printf 'spark.eventLog.enabled true\nspark.eventLog.dir file:/data/spark-events\n' > conf/spark-defaults.conf \
 && mkdir -p /var/lib/airflow/logs /data/lake /data/landing /data/spark-events \
 && chown -R malmoi: /var/lib/airflow /data

USER malmoi
ENTRYPOINT ["tini", "--"]
CMD ["airflow", "version"]
