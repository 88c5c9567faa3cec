# Runs once before the others: exports the embedding model, builds the index, trains Rasa (the steps of `make run`).
FROM python:3.12-slim
RUN apt-get update && apt-get install -y --no-install-recommends make && rm -rf /var/lib/apt/lists/* \
    && pip install --no-cache-dir uv && useradd --uid 10001 --create-home baton && install -d -o baton /data /app
USER baton
WORKDIR /app
COPY --chown=baton . .
RUN make setup
CMD ["sh", "-c", ".venv/bin/baton model export bundled && .venv/bin/baton kb build && .venv/bin/baton train"]
