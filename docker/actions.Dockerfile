# The action server: answers from the index, triage, handoff request.
FROM python:3.12-slim
RUN useradd --uid 10001 --create-home baton && install -d -o baton /data
WORKDIR /app
COPY requirements/services.txt requirements/
RUN pip install --no-cache-dir -r requirements/services.txt
COPY docker/health.py docker/
COPY kb_index kb_index
COPY handoff_rules handoff_rules
COPY data/handoff_rules.yml data/products.yml data/
COPY actions actions
COPY bot/domain bot/domain
USER baton
CMD ["python", "-m", "actions"]
