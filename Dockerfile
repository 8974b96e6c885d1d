# One image for all of Malmoi: Airflow's components, Spark's master, workers and history server.
FROM python:3.11-slim-bookworm
# For packages that come as source, and for torch.compile.
RUN apt-get update -qq \
 && apt-get install -y -qq --no-install-recommends g++ \
 && rm -rf /var/lib/apt/lists/*
# pip's own settings for an index or a mirror; scripts/stack hands on those of the shell.
ARG PIP_INDEX_URL
ARG PIP_EXTRA_INDEX_URL
ARG PIP_TRUSTED_HOST
WORKDIR /opt/malmoi
RUN python3 -m venv .venv
COPY requirements/runtime.lock requirements/
RUN .venv/bin/pip install --quiet --no-cache-dir --no-deps --require-hashes -r requirements/runtime.lock
# torch has a lock of its own (requirements/compile.sh says why). A wheel in requirements/wheels, put there by
# scripts/stack, comes first; then the index; and the public build brings the CUDA libraries that it needs.
COPY requirements requirements
RUN pip="env PIP_FIND_LINKS=requirements/wheels .venv/bin/pip install --quiet --no-cache-dir" \
 && locked="--no-deps --require-hashes -r requirements/torch.lock" \
 && works() { .venv/bin/python -c 'import torch' 2>/dev/null; } \
 && { { $pip --no-index $locked && works; } \
   || { $pip $locked && works; } \
   || $pip "$(grep -o '^torch==[0-9.]*' requirements/torch.lock)"; } \
 && works

RUN apt-get update -qq \
 && apt-get install -y -qq --no-install-recommends curl default-jre-headless procps tini \
 && rm -rf /var/lib/apt/lists/*
ENV VIRTUAL_ENV=/opt/malmoi/.venv \
    PATH=/opt/malmoi/.venv/bin:$PATH \
    PYTHONPATH=/opt/malmoi/spark_jobs:/opt/malmoi/plugins \
    JAVA_HOME=/usr/lib/jvm/default-java \
    SPARK_CONF_DIR=/opt/malmoi/conf \
    AIRFLOW_HOME=/var/lib/airflow
RUN useradd --create-home --uid 50000 --shell /usr/sbin/nologin malmoi \
 && mkdir -p /var/lib/airflow/logs /data/lake /data/landing /data/spark-events \
 && chown -R malmoi: /var/lib/airflow /data
# Spark's settings are for a cluster of a few cores: the default of 200 shuffle partitions costs a small night a minute,
# and most work is in Python, so the second compiler and a parallel collector give nothing back.
RUN printf '#!/bin/sh\nexec /opt/malmoi/.venv/bin/python -m malmoi.cli "$@"\n' > .venv/bin/malmoi \
 && chmod 755 .venv/bin/malmoi \
 && mkdir conf \
 && printf '%s\n' > conf/spark-defaults.conf \
    'spark.eventLog.enabled true' \
    'spark.eventLog.dir file:/data/spark-events' \
    'spark.sql.shuffle.partitions 8' \
    'spark.driver.extraJavaOptions -XX:+UseSerialGC -XX:TieredStopAtLevel=1' \
    'spark.executor.extraJavaOptions -XX:+UseSerialGC -XX:TieredStopAtLevel=1'
COPY dags dags
COPY plugins plugins
COPY spark_jobs spark_jobs
RUN .venv/bin/python spark_jobs/compile.py
# The processes run as a user who cannot write here, and would compile the modules again at every start.
RUN .venv/bin/python -m compileall -q dags plugins spark_jobs

USER malmoi
ENTRYPOINT ["tini", "--"]
CMD ["airflow", "version"]
