# Rasa 3.6: intents and dialogue rules.
FROM python:3.10-slim
RUN useradd --uid 10001 --create-home baton && install -d -o baton /data
WORKDIR /app
COPY requirements/rasa.txt requirements/
RUN pip install --no-cache-dir -r requirements/rasa.txt
COPY docker/health.py docker/
COPY kb_index kb_index
COPY handoff_rules handoff_rules
COPY live_redis live_redis
COPY bot bot
USER baton
CMD ["python", "-m", "bot.serve"]
